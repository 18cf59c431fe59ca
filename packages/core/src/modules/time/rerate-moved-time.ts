import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketForWork, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { rateTime, spansOf, withBillable, type RatingRules } from './rate-time.ts';
import type { TimeStore } from './time-store.ts';
import type { TimeTables } from './time-table.ts';

interface Deps extends RatingRules {
  readonly db: ScopedDb;
  readonly store: TimeStore;
  readonly tickets: TicketForWork;
}

/** Rates a moved ticket's time anew: another client has another agreement. What a person said of the billable part stays. */
export class RerateMovedTime {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope, ticketId: TicketId): Promise<void> {
    const { store, tickets } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const ticket = await tickets.read(tx, ticketId);
      const entries = await tx.query
        .selectFrom('time_entry')
        .selectAll()
        .where('client_id', '=', ticket.client_id)
        .where('ticket_id', '=', ticketId)
        .where('invoice_id', 'is', null)
        .where('reverses_entry_id', 'is', null)
        .orderBy('id')
        .forUpdate()
        .execute();
      for (const entry of entries) {
        const rating = await rateTime(
          tx,
          this.#deps,
          { clientId: ticket.client_id, siteId: ticket.site_id },
          { workType: entry.work_type, spans: spansOf(entry), minutes: entry.worked_minutes },
        );
        const said = entry.is_billable_set ? { minutes: entry.billable_minutes, reason: entry.billable_reason } : null;
        await store.update(tx, entry, entry.version, { ...withBillable(rating, said) });
      }
    });
  }
}
