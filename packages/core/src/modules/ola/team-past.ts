import type { SlaEvent } from '#modules/sla';
import { happeningOf, type TicketRow, type TicketTables } from '#modules/tickets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { KnownWork } from './ola-store.ts';

/** A locked ticket, as far as its teams are concerned. */
export type FollowedTicket = Pick<TicketRow, 'id' | 'client_id' | 'team_id' | 'version'>;

interface Line {
  readonly kind: string;
  readonly at: Temporal.Instant;
  readonly from_value: string | null;
  readonly to_value: string | null;
}

/** What of tickets' histories was not taken in yet, in order; of a ticket that nothing is known of, all of it, from `created` on. One read. */
export async function readTeamPast(
  tx: ScopedTransaction<TicketTables>,
  tickets: readonly FollowedTicket[],
  known: ReadonlyMap<string, KnownWork>,
): Promise<Map<string, SlaEvent[]>> {
  const rows = await tx.sql<Line & { ticket_id: string }>(
    `select e.ticket_id, e.kind, e.at, e.from_value, e.to_value
     from unnest($2::uuid[], $3::uuid[], $4::integer[]) n(client_id, ticket_id, seen)
       join ticket_event e on e.msp_id = $1 and e.client_id = n.client_id and e.ticket_id = n.ticket_id and e.ticket_version > n.seen
     where e.kind in ('opened', 'status', 'priority', 'team', 'merged', 'unmerged')
     order by e.ticket_id, e.ticket_version, e.at, e.id`,
    [
      tx.scope.mspId,
      tickets.map((ticket) => ticket.client_id),
      tickets.map(({ id }) => id),
      tickets.map(({ id }) => known.get(id)?.seenVersion ?? 0),
    ],
  );
  const lines = Map.groupBy(rows, (row) => row.ticket_id);
  return new Map(tickets.map((ticket) => [ticket.id, eventsOf(ticket, lines.get(ticket.id) ?? [])]));
}

function eventsOf(ticket: FollowedTicket, lines: readonly Line[]): SlaEvent[] {
  return lines.flatMap((line): SlaEvent[] => {
    if (line.kind === 'opened') return openedWith(line, firstTeam(ticket, lines));
    if (line.kind === 'team') return [{ at: line.at, type: 'team', value: line.to_value }];
    const happening = happeningOf({ kind: line.kind, from: line.from_value, to: line.to_value });
    return happening === null ? [] : [{ ...happening, at: line.at }];
  });
}

/** A ticket that was opened with a team tells of it only when it leaves the team. */
function firstTeam(ticket: FollowedTicket, lines: readonly Line[]): string | null {
  const first = lines.find(({ kind }) => kind === 'team');
  return first === undefined ? ticket.team_id : first.from_value;
}

function openedWith({ at, to_value }: Line, team: string | null): SlaEvent[] {
  const { status = 'new', priority = 3 } = JSON.parse(to_value ?? '{}') as { status?: string; priority?: number };
  return [
    { at, type: 'created', value: { status, priority: String(priority) } },
    ...(team === null ? [] : [{ at, type: 'team' as const, value: team }]),
  ];
}
