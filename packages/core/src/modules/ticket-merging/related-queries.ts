import { sql } from 'kysely';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ClientId } from '#kernel/id';
import type { TicketId, TicketLinkId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';

interface NamedTables {
  client: { msp_id: string; id: string; name: string };
  identity_staff: { msp_id: string; id: string; name: string };
}
interface Far {
  readonly id: TicketId;
  readonly client_id: ClientId;
}
type Relation = 'child-of' | 'caused-by';

/** How many are linked to a ticket so, and how far they are, as far as the reader reaches. */
export async function readRollUp(db: ScopedDb<TicketTables>, scope: TenantScope, ticket: Far, relation: Relation) {
  const row = await db.readFirst(scope, (query) =>
    query
      .selectFrom('ticket_link as link')
      .innerJoin('ticket', 'ticket.id', 'link.ticket_id')
      .select([
        sql<number>`count(*)`.as('total'),
        sql<number>`count(*) filter (where ticket.is_open)`.as('open'),
        sql<number | null>`min(ticket.priority) filter (where ticket.is_open)`.as('topPriority'),
      ])
      .where('link.to_client_id', '=', ticket.client_id)
      .where('link.to_ticket_id', '=', ticket.id)
      .where('link.kind', '=', relation),
  );
  const { total, open, topPriority } = row ?? { total: 0, open: 0, topPriority: null };
  return { total, open, resolved: total - open, topPriority };
}

/** Those that are linked to a ticket: all with the open ones first, or the open ones alone in the order of their ids. */
export async function readRelated(
  db: ScopedDb<TicketTables>,
  scope: TenantScope,
  ticket: Far,
  wanted: { relation: Relation; isOpen: boolean; after: TicketId | null; limit: number },
) {
  return (db as unknown as ScopedDb<TicketTables & NamedTables>).read(scope, (query) => {
    let rows = query
      .selectFrom('ticket_link as link')
      .innerJoin('ticket', 'ticket.id', 'link.ticket_id')
      .leftJoin('client', 'client.id', 'ticket.client_id')
      .leftJoin('identity_staff as staff', 'staff.id', 'ticket.assignee_id')
      .select([
        sql<TicketLinkId>`link.id`.as('linkId'),
        'ticket.id as ticketId',
        'ticket.number',
        'ticket.subject',
        'ticket.status',
        'ticket.priority',
        'ticket.client_id as clientId',
        'client.name as clientName',
        'staff.name as assigneeName',
      ])
      .where('link.to_client_id', '=', ticket.client_id)
      .where('link.to_ticket_id', '=', ticket.id)
      .where('link.kind', '=', wanted.relation);
    if (wanted.isOpen) rows = rows.where('ticket.is_open', '=', true);
    else rows = rows.orderBy('ticket.is_open', 'desc');
    if (wanted.after !== null) rows = rows.where('ticket.id', '>', wanted.after);
    return rows.orderBy('ticket.id').limit(wanted.limit);
  });
}
