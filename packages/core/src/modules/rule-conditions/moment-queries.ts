import { sql } from 'kysely';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { TicketFacts } from './ticket-facts.ts';
import type { Moments } from './time-due.ts';

const NONE = { statusAt: null, clientReplyAt: null, staffReplyAt: null };

/** Reads from tickets' histories the moments that rules of time count from. */
export class MomentQueries {
  readonly #db: ScopedDb<TicketTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<TicketTables>();
  }

  async of(scope: TenantScope, tickets: readonly TicketFacts[]): Promise<Map<TicketId, Moments>> {
    if (tickets.length === 0) return new Map();
    const ids = tickets.map(({ id }) => id);
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket_event')
        .select([
          'ticket_id',
          sql<Temporal.Instant | null>`max(at) filter (where kind = 'status')`.as('statusAt'),
          sql<Temporal.Instant | null>`max(at) filter (where kind = 'client-reply')`.as('clientReplyAt'),
          sql<Temporal.Instant | null>`max(at) filter (where kind = 'public-reply')`.as('staffReplyAt'),
        ])
        .where('client_id', 'in', [...new Set(tickets.map(({ clientId }) => clientId))])
        .where('ticket_id', 'in', ids)
        .where('kind', 'in', ['status', 'client-reply', 'public-reply'])
        .groupBy('ticket_id'),
    );
    const found = new Map(rows.map(({ ticket_id, ...at }) => [ticket_id, at]));
    return new Map(tickets.map((ticket) => [ticket.id, { ...ticket, ...(found.get(ticket.id) ?? NONE) }]));
  }
}
