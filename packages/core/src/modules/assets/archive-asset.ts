import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { assetIdSchema, PERSON, type AssetState } from './asset.ts';
import { assetRetired } from './asset-events.ts';
import type { AssetStore } from './asset-store.ts';
import type { AssetTables } from './asset-table.ts';
import type { FactStore } from './fact-store.ts';

export const archiveAssetInput = z.object({
  assetId: assetIdSchema,
  version: z.int(),
  isArchived: z.boolean().default(true),
});
export type ArchiveAssetInput = z.output<typeof archiveAssetInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly assets: AssetStore;
  readonly facts: FactStore;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Takes an asset out of lists and counts with all its history kept, or brings it back. */
export class ArchiveAsset {
  readonly #db: ScopedDb<AssetTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AssetTables>();
    this.#deps = deps;
  }

  /** Idempotent. Throws `assets.asset-changed` on a stale version, `assets.asset-not-found`. */
  async run(scope: TenantScope, input: ArchiveAssetInput, within?: AnyTransaction): Promise<{ version: number }> {
    const { assets, facts, audit, jobs, live, clock } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const asset = await assets.forChange(tx, input.assetId);
        const state: AssetState = input.isArchived ? 'archived' : 'active';
        if (asset.state === state) return { version: asset.version };
        await assets.update(tx, asset.id, input.version, { state });
        const { client_id: clientId, id: assetId } = asset;
        const version = input.version + 1;
        await facts.addChanges(tx, { clientId, assetId }, [{ field: 'state', before: asset.state, after: state }], {
          source: PERSON,
          at: clock.now(),
          actorLabel: scope.actor.label,
        });
        await audit.record(tx, {
          action: 'assets.archive-asset',
          subject: { kind: 'asset', id: assetId, clientId },
          summary: `${input.isArchived ? 'Archived' : 'Brought back'} the asset ${asset.name}`,
          isClientVisible: true,
        });
        if (input.isArchived)
          await jobs.publish(tx, assetRetired, { aggregateId: assetId, version }, { assetId, clientId });
        live.touch(tx, { clientId, topic: 'asset', id: assetId, version, isForContacts: true });
        return { version };
      },
      within,
    );
  }
}
