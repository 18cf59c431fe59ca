import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, DomainError } from '#kernel/errors';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetQueries } from '#modules/assets';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { DecisionStore } from './decision-store.ts';
import { planInstall, type InstallPlan, type PlannedAsset } from './install-plan.ts';
import type { InstallStore } from './install-store.ts';
import { updateIdSchema } from './patch.ts';
import type { PatchBatchId, PatchTables } from './patch-table.ts';
import type { OrderPort } from './patching-needs.ts';

/** How many machines one action may reach: a bad update then stops at as many, and somebody has looked before the next. */
export const MAX_ASSETS_AT_ONCE = 50;

export const previewInstallInput = z.object({
  assetIds: z.array(assetIdSchema).min(1, { error: 'must name at least one asset' }).max(500),
  /** All that is approved, where left out. */
  updateIds: z.array(updateIdSchema).min(1).max(500).optional(),
});
export const installUpdatesInput = previewInstallInput.extend({
  /** What the person was shown and confirmed: "3 machines of 2 clients". */
  expectedAssetCount: z.int().min(1),
  expectedClientCount: z.int().min(1),
  reason: text({ max: 500 }),
});
export type InstallUpdatesInput = z.output<typeof installUpdatesInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly assets: AssetQueries;
  readonly decisions: DecisionStore;
  readonly installs: InstallStore;
  readonly orders: OrderPort;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Installs approved updates on chosen machines, by an order to each. */
export class InstallUpdates {
  readonly #db: ScopedDb<PatchTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PatchTables>();
    this.#deps = deps;
  }

  /** What an installation would do, without doing it: the first of two steps. Throws `patching.asset-not-found`. */
  async preview(scope: TenantScope, input: z.output<typeof previewInstallInput>): Promise<InstallPlan> {
    return this.#db.transaction(scope, (tx) => planInstall(tx, this.#deps, input));
  }

  /**
   * Orders it, on all of the machines or on none. Throws `patching.count-mismatch` when it would reach other numbers than were confirmed, `patching.nothing-approved`,
   * `patching.too-many-assets`, `patching.asset-refused` when a machine cannot take orders, `patching.asset-not-found`.
   */
  async run(scope: TenantScope, input: InstallUpdatesInput): Promise<{ batchId: PatchBatchId; assetCount: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const plan = await planInstall(tx, this.#deps, input);
      refuse(plan, input);
      const at = this.#deps.clock.now();
      const reached = plan.assets.filter((asset) => asset.packages.length > 0);
      const batchId = await this.#deps.installs.insertBatch(tx, {
        reason: input.reason,
        assetCount: plan.assetCount,
        clientCount: plan.clientCount,
        at,
      });
      for (const asset of reached) await this.#order(tx, asset, { batchId, reason: input.reason, at });
      for (const [clientId, assets] of Map.groupBy(reached, (asset) => asset.clientId)) {
        await this.#deps.audit.record(tx, {
          action: 'patching.install-updates',
          subject: { kind: 'patch-batch', id: batchId, clientId },
          summary: `Ordered ${assets.reduce((total, asset) => total + asset.packages.length, 0)} updates on ${assets.length} machines`,
          after: {
            reason: input.reason,
            machines: assets.map((asset) => ({
              name: asset.name,
              packages: asset.packages.map((item) => `${item.name} ${item.version}`),
            })),
          },
          isClientVisible: true,
        });
      }
      return { batchId, assetCount: plan.assetCount };
    });
  }

  async #order(
    tx: ScopedTransaction<PatchTables>,
    asset: PlannedAsset,
    batch: { batchId: PatchBatchId; reason: string; at: Temporal.Instant },
  ): Promise<void> {
    const { orders, installs, live } = this.#deps;
    const { assetId, clientId } = asset;
    const packages = asset.packages.map(({ name, version }) => ({ name, version }));
    try {
      const orderId = await orders.queueInstall(tx, tx.scope, assetId, packages, batch.reason);
      await installs.insertInstall(tx, {
        ...batch,
        clientId,
        assetId,
        orderId,
        updateIds: asset.packages.map((item) => item.updateId),
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new ConflictError(
        'patching.asset-refused',
        `${asset.name}: ${error.message} Nothing was ordered, on no machine.`,
        { cause: error },
      );
    }
    live.touch(tx, { clientId, topic: 'patch-install', id: assetId, version: 1, isForContacts: true });
  }
}

function refuse(plan: InstallPlan, input: InstallUpdatesInput): void {
  if (plan.assetCount === 0)
    throw new ConflictError(
      'patching.nothing-approved',
      'Nothing that these machines wait for is approved, or an installation is already under way on them.',
    );
  if (plan.assetCount > MAX_ASSETS_AT_ONCE)
    throw new ConflictError(
      'patching.too-many-assets',
      `This would reach ${plan.assetCount} machines; at most ${MAX_ASSETS_AT_ONCE} at once are allowed. Choose fewer, and look at the results before the next.`,
    );
  if (plan.assetCount === input.expectedAssetCount && plan.clientCount === input.expectedClientCount) return;
  throw new ConflictError(
    'patching.count-mismatch',
    `This would now reach ${plan.assetCount} machines of ${plan.clientCount} clients, not the ${input.expectedAssetCount} of ${input.expectedClientCount} that were confirmed. Look at it again.`,
  );
}
