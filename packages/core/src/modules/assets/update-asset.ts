import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { ASSET_KINDS, assetIdSchema, PERSON } from './asset.ts';
import { TYPED } from './asset-facts.ts';
import type { AssetRow, AssetStore } from './asset-store.ts';
import { applySummary } from './asset-summary.ts';
import type { AssetTables } from './asset-table.ts';
import { editableFacts } from './editable-facts.ts';
import type { FactStore } from './fact-store.ts';

export const updateAssetInput = z.object({
  assetId: assetIdSchema,
  version: z.int(),
  /** Null, as for every field: let what machines report hold again. */
  name: text({ max: 200 }).nullable().optional(),
  kind: z.enum(ASSET_KINDS).nullable().optional(),
  siteId: idSchema('site').nullable().optional(),
  facts: editableFacts.default({}),
});
export type UpdateAssetInput = z.output<typeof updateAssetInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly assets: AssetStore;
  readonly facts: FactStore;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Changes an asset by hand. What a person typed is locked: no report overrides it until the person lets go of it. */
export class UpdateAsset {
  readonly #db: ScopedDb<AssetTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AssetTables>();
    this.#deps = deps;
  }

  /** Throws `assets.asset-changed` on a stale version, `assets.asset-not-found`, `assets.site-not-found`. */
  async run(scope: TenantScope, input: UpdateAssetInput, within?: AnyTransaction): Promise<{ version: number }> {
    const { assets, facts, audit, clock } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const asset = await assets.forChange(tx, input.assetId);
        if (asset.version !== input.version)
          throw new ConflictError(
            'assets.asset-changed',
            'Somebody else changed this asset meanwhile. Look at it again, then repeat your change.',
          );
        const key = { clientId: asset.client_id, assetId: asset.id };
        const at = clock.now();
        const before = await facts.all(tx, key);
        const given = Object.entries({ name: input.name, kind: input.kind, ...input.facts }).filter(
          ([, value]) => value !== undefined,
        );
        const typed = given
          .filter(([, value]) => value !== null)
          .map(([field, value]) => ({ field, value, confidence: TYPED }));
        await facts.put(tx, key, { source: PERSON, facts: typed, at, lockedBy: scope.actor.label });
        await facts.remove(
          tx,
          key,
          PERSON,
          given.filter(([, value]) => value === null).map(([field]) => field),
        );
        const also: Partial<AssetRow> = input.siteId === undefined ? {} : { site_id: input.siteId };
        const { version, changes } = await applySummary(tx, this.#deps, { asset, before, also });
        const moved =
          input.siteId !== undefined && input.siteId !== asset.site_id
            ? [{ field: 'siteId', before: asset.site_id, after: input.siteId }]
            : [];
        const all = [...changes, ...moved];
        await facts.addChanges(tx, key, all, { source: PERSON, at, actorLabel: scope.actor.label });
        await audit.record(tx, {
          action: 'assets.update-asset',
          subject: { kind: 'asset', id: asset.id, clientId: asset.client_id },
          summary: `Changed the asset ${asset.name}`,
          before: Object.fromEntries(all.map((change) => [change.field, change.before])),
          after: Object.fromEntries(all.map((change) => [change.field, change.after])),
          isClientVisible: true,
        });
        return { version };
      },
      within,
    );
  }
}
