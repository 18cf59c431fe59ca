import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema, idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { ASSET_KINDS, PERSON } from './asset.ts';
import { editableFacts } from './editable-facts.ts';
import { assetAdded } from './asset-events.ts';
import { TYPED } from './asset-facts.ts';
import type { AssetStore } from './asset-store.ts';
import { applySummary } from './asset-summary.ts';
import type { AssetId, AssetTables } from './asset-table.ts';
import type { FactStore } from './fact-store.ts';

export const createAssetInput = z.object({
  clientId: clientIdSchema,
  siteId: idSchema('site').optional(),
  name: text({ max: 200 }),
  kind: z.enum(ASSET_KINDS),
  facts: editableFacts.default({}),
});
export type CreateAssetInput = z.output<typeof createAssetInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly assets: AssetStore;
  readonly facts: FactStore;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Adds an asset by hand: what no agent and no plugin finds. */
export class CreateAsset {
  readonly #db: ScopedDb<AssetTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AssetTables>();
    this.#deps = deps;
  }

  /** Returns the new asset's id. Throws `assets.client-not-found`. */
  async run(scope: TenantScope, input: CreateAssetInput, within?: AnyTransaction): Promise<{ assetId: AssetId }> {
    const { assets, facts, audit, jobs, clock } = this.#deps;
    const { clientId, name, kind } = input;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const assetId = newId<'asset'>();
        const at = clock.now();
        await assets.insert(tx, {
          id: assetId,
          client_id: clientId,
          site_id: input.siteId ?? null,
          kind,
          name,
          source: PERSON,
          is_managed: false,
          created_at: at,
        });
        const typed = Object.entries({ name, kind, ...input.facts }).flatMap(([field, value]) =>
          value === null || value === undefined ? [] : [{ field, value, confidence: TYPED }],
        );
        await facts.put(tx, { clientId, assetId }, { source: PERSON, facts: typed, at, lockedBy: scope.actor.label });
        await applySummary(tx, this.#deps, { asset: await assets.forChange(tx, assetId), before: [], also: {} });
        await audit.record(tx, {
          action: 'assets.create-asset',
          subject: { kind: 'asset', id: assetId, clientId },
          summary: `Added the asset ${name}`,
          after: { name, kind, ...input.facts },
          isClientVisible: true,
        });
        await jobs.publish(tx, assetAdded, { aggregateId: assetId, version: 1 }, { assetId, clientId });
        return { assetId };
      },
      within,
    );
  }
}
