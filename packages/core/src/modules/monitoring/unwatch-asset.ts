import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { CheckStateStore } from './check-state-store.ts';
import type { BreachSink } from './monitoring-needs.ts';
import type { MonitoringTables } from './monitoring-table.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly states: CheckStateStore;
  readonly sink: () => BreachSink;
  readonly clock: Clock;
}

/** Ends what is watched of an asset that was archived. Should it report again, it is watched again. */
export class UnwatchAsset {
  readonly #db: ScopedDb<MonitoringTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MonitoringTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope, assetId: AssetId): Promise<void> {
    const { states, sink, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      await tx.query.updateTable('metric_stream').set({ is_watched: false }).where('asset_id', '=', assetId).execute();
      for (const state of await states.ofAsset(tx, assetId)) {
        await states.remove(tx, state);
        if (state.phase !== 'firing') continue;
        const thing = { clientId: state.client_id, assetId, checkId: state.check_id, series: state.series };
        await sink().recovered(tx, { ...thing, at: clock.now(), message: 'The asset was archived' });
      }
    });
  }
}
