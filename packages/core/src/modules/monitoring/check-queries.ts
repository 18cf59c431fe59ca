import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { CheckCache } from './check-cache.ts';
import type { EffectiveCheck } from './check-rules.ts';
import type { CheckStore } from './check-store.ts';
import { toCheckView, type CheckView } from './check-view.ts';
import { ensureDefaultChecks } from './default-checks.ts';
import type { MonitoringTables } from './monitoring-table.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly store: CheckStore;
  readonly cache: CheckCache;
  readonly clock: Clock;
}

/** Reads checks. */
export class CheckQueries {
  readonly #db: ScopedDb<MonitoringTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MonitoringTables>();
    this.#deps = deps;
  }

  /** All checks by name, each with the exceptions that the scope may see. An MSP that never looked gets its first checks here. */
  async list(scope: TenantScope): Promise<CheckView[]> {
    return this.#db.transaction(scope, async (tx) => {
      await ensureDefaultChecks(tx, this.#deps.store, this.#deps.clock.now());
      const checks = await tx.query.selectFrom('monitoring_check').selectAll().orderBy('name').execute();
      const overrides = await tx.query.selectFrom('monitoring_override').selectAll().orderBy('id').execute();
      return checks.map((check) =>
        toCheckView(
          check,
          overrides.filter((override) => override.check_id === check.id),
        ),
      );
    });
  }

  /** The checks that hold for an asset, overrides applied. Empty for an asset that never reported, or is another tenant's. */
  async ofAsset(scope: TenantScope, assetId: AssetId): Promise<readonly EffectiveCheck[]> {
    return this.#db.transaction(scope, async (tx) => {
      const stream = await tx.query
        .selectFrom('metric_stream')
        .select('client_id')
        .where('asset_id', '=', assetId)
        .executeTakeFirst();
      return stream === undefined ? [] : (await this.#deps.cache.of(tx, stream.client_id)).of(assetId);
    });
  }
}
