import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { StreamStateStore } from './stream-state-store.ts';
import type { SyncTables } from './sync-table.ts';

/** How long passes are kept: what went wrong this month is asked about, not what went well last year. */
const KEPT = Temporal.Duration.from({ hours: 30 * 24 });

/** Forgets old passes. */
export class ForgetRuns {
  readonly #db: ScopedDb<SyncTables>;
  readonly #deps: { readonly streams: StreamStateStore; readonly clock: Clock };

  constructor(deps: { db: ScopedDb; streams: StreamStateStore; clock: Clock }) {
    this.#db = deps.db.typed<SyncTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const { streams, clock } = this.#deps;
    await this.#db.transaction(scope, (tx) => streams.forgetRuns(tx, clock.now().subtract(KEPT)));
  }
}
