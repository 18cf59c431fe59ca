import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { PluginActionTables } from './actions-table.ts';
import type { EndRun } from './end-run.ts';
import type { RunStore } from './run-store.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly store: RunStore;
  readonly end: EndRun;
  readonly clock: Clock;
}

/** A job is given up after 15 minutes and tried three times more: what still runs an hour later, nobody is at. */
const ABANDONED_AFTER_MINUTES = 75;

/** Does `plugin-actions.sweep-actions` for actions: ends plans that are too old, and finds what was left in the middle. */
export class SweepActions {
  readonly #db: ScopedDb<PluginActionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginActionTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const { store, end, clock } = this.#deps;
    const now = clock.now();
    await this.#db.transaction(scope, async (tx) => {
      await store.expire(tx, now);
      for (const run of await store.abandoned(tx, now.subtract({ minutes: ABANDONED_AFTER_MINUTES })))
        await end.run(
          tx.scope,
          run.id,
          {
            state: run.is_sent ? 'unknown' : 'failed',
            message: run.is_sent
              ? 'The work broke off after the vendor was asked. Look at the vendor whether it was done.'
              : 'The work broke off before the vendor was asked.',
          },
          tx,
        );
    });
  }
}
