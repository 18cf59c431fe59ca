import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { InboundStore } from './inbound-store.ts';
import type { MailInboxTables } from './mail-inbox-table.ts';
import type { MailKeeping } from './mail-keeping.ts';

/** A transaction of so many locks hardly anything, whatever their size: bytes outside the row are freed by vacuum. */
const BATCH = 200;
/** What is left goes an hour later, so that one MSP's first run holds up nobody. */
const MAX_BATCHES = 50;

/** Takes away the bytes of mails that were kept long enough. */
export class PruneMails {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: { readonly store: InboundStore; readonly keeping: MailKeeping; readonly clock: Clock };

  constructor(deps: { db: ScopedDb; store: InboundStore; keeping: MailKeeping; clock: Clock }) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  /** Returns how many went. A mail that waits to be handled always stays. */
  async run(scope: TenantScope): Promise<number> {
    const { store, keeping, clock } = this.#deps;
    const { settledDays, quarantinedDays } = await keeping.get(scope);
    const now = clock.now();
    let pruned = 0;
    for (const [state, days] of [
      ['placed', settledDays],
      ['ignored', settledDays],
      ['quarantined', quarantinedDays],
    ] as const) {
      if (days === null) continue;
      const before = now.subtract({ hours: days * 24 });
      for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
        const count = await this.#db.transaction(scope, (tx) => store.prune(tx, { state, before, now, limit: BATCH }));
        pruned += count;
        if (count < BATCH) break;
      }
    }
    return pruned;
  }
}
