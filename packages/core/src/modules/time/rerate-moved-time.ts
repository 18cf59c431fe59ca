import type { TenantScope } from '#kernel/tenant-scope';
import type { AgreementHolding } from '#modules/agreements';
import type { TicketForWork, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { rateTime } from './rate-time.ts';
import type { TimeStore } from './time-store.ts';
import type { TimeTables } from './time-table.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly store: TimeStore;
  readonly tickets: TicketForWork;
  readonly agreements: AgreementHolding;
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
    const { store, tickets, agreements } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const ticket = await tickets.read(tx, ticketId);
      const entries = await tx.query
        .selectFrom('time_entry')
        .selectAll()
        .where('ticket_id', '=', ticketId)
        .where('invoice_id', 'is', null)
        .orderBy('id')
        .forUpdate()
        .execute();
      for (const entry of entries) {
        const rating = await rateTime(tx, agreements, {
          clientId: ticket.client_id,
          siteId: ticket.site_id,
          workType: entry.work_type,
          startedAt: entry.started_at,
          minutes: entry.worked_minutes,
        });
        const kept = entry.is_billable_set
          ? { billable_minutes: entry.billable_minutes, billable_reason: entry.billable_reason }
          : {};
        await store.update(tx, entry, entry.version, { ...rating, ...kept });
      }
    });
  }
}
