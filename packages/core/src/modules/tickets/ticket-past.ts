import type { SlaEvent, SlaHappening } from '#modules/sla';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { isOpen, type TicketStatus } from './ticket.ts';
import type { TicketEventKind } from './ticket-history.ts';
import type { TicketId, TicketTables } from './ticket-table.ts';

const TOLD = [
  'opened',
  'status',
  'priority',
  'public-reply',
  'client-reply',
  'merged',
  'unmerged',
] as const satisfies TicketEventKind[];

/** What a line of the history means to a ticket's clocks; null for what they do not look at. */
export function happeningOf(entry: {
  readonly kind: string;
  readonly from?: string | null;
  readonly to?: string | null;
}): SlaHappening | null {
  switch (entry.kind) {
    case 'public-reply':
    case 'client-reply':
      return { type: entry.kind };
    case 'priority':
      return { type: 'priority', value: entry.to ?? '' };
    case 'status':
      return statusHappening(entry.from as TicketStatus, entry.to as TicketStatus);
    case 'merged':
    case 'unmerged':
      return { type: entry.kind };
    default:
      return null;
  }
}

/** From resolved to closed is no news to clocks. */
function statusHappening(from: TicketStatus, to: TicketStatus): SlaHappening | null {
  if (isOpen(from)) return isOpen(to) ? { type: 'status', value: to } : { type: 'resolved' };
  return isOpen(to) ? { type: 'reopened', value: to } : null;
}

/** What happened to tickets so far, as their histories tell it, each beginning with its creation. */
export async function readPast(
  tx: ScopedTransaction<TicketTables>,
  ticketIds: readonly TicketId[],
): Promise<Map<string, SlaEvent[]>> {
  const rows = await tx.query
    .selectFrom('ticket_event as event')
    // By way of the ticket, whose client the index of events begins with.
    .innerJoin('ticket', (join) =>
      join.onRef('ticket.id', '=', 'event.ticket_id').onRef('ticket.client_id', '=', 'event.client_id'),
    )
    .select(['event.ticket_id', 'event.kind', 'event.at', 'event.from_value', 'event.to_value'])
    .where('ticket.id', 'in', ticketIds)
    .where('event.kind', 'in', TOLD)
    .orderBy('event.ticket_id')
    .orderBy('event.at')
    .orderBy('event.id')
    .execute();
  const past = new Map<string, SlaEvent[]>();
  for (const row of rows) {
    const events = past.get(row.ticket_id);
    if (events !== undefined) {
      const happening = happeningOf({ kind: row.kind, from: row.from_value, to: row.to_value });
      if (happening !== null) events.push({ ...happening, at: row.at } as SlaEvent);
    } else if (row.kind === 'opened') past.set(row.ticket_id, [createdOf(row.at, row.to_value)]);
  }
  return past;
}

function createdOf(at: Temporal.Instant, opened: string | null): SlaEvent {
  const { status, priority } = JSON.parse(opened ?? '{}') as { status?: string; priority?: number };
  return { at, type: 'created', value: { status: status ?? 'new', priority: String(priority ?? 3) } };
}
