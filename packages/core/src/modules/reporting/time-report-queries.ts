import type { ClientId, Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';

export interface TimeRange {
  readonly from: Temporal.Instant;
  /** The first instant after it. */
  readonly to: Temporal.Instant;
  readonly clientId: ClientId | null;
}

interface Minutes {
  readonly entries: number;
  readonly worked: number;
  readonly billable: number;
  readonly invoiced: number | null;
}

export type TimeRow = Minutes & {
  readonly client_id: ClientId;
  readonly client_name: string;
  readonly agreement_id: Id<'agreement'> | null;
  readonly agreement_name: string | null;
  readonly tickets: number;
};

const MINUTES = `count(*)::integer as entries, sum(e.worked_minutes)::integer as worked, sum(e.billable_minutes)::integer as billable, sum(e.invoiced_minutes)::integer as invoiced`;
const IN_RANGE = `e.msp_id = $1 and e.started_at >= $2::timestamptz and e.started_at < $3::timestamptz and ($4::uuid is null or e.client_id = $4::uuid)`;

/** A line for each client and contract, by name, and how many entries still run. */
export async function readTime(
  db: ScopedDb,
  scope: TenantScope,
  range: TimeRange,
): Promise<{ rows: TimeRow[]; running: number }> {
  return db.transaction(scope, async (tx) => {
    const values = [scope.mspId, range.from, range.to, range.clientId];
    const rows = await tx.sql<TimeRow>(
      `select g.*, c.name as client_name, a.name as agreement_name from (
         select e.client_id, e.agreement_id, count(distinct e.ticket_id)::integer as tickets, ${MINUTES}
         from time_entry e where ${IN_RANGE} and e.ended_at is not null group by e.client_id, e.agreement_id
       ) g join client c on c.msp_id = $1 and c.id = g.client_id left join agreement a on a.msp_id = $1 and a.id = g.agreement_id
       order by c.name, a.name`,
      values,
    );
    const [running] = await tx.sql<{ running: number }>(
      `select count(*)::integer as running from time_entry e where ${IN_RANGE} and e.ended_at is null`,
      values,
    );
    return { rows, running: running?.running ?? 0 };
  });
}

/** The tickets of one client and contract, the most worked first; work on none is a line of its own, without an id. */
export async function readTimeTickets(
  db: ScopedDb,
  scope: TenantScope,
  range: TimeRange,
  agreementId: Id<'agreement'> | null,
): Promise<(Minutes & { id: Id<'ticket'> | null; number: number | null; subject: string | null })[]> {
  return db.transaction(scope, (tx) =>
    tx.sql(
      `select t.id, t.number, t.subject, g.entries, g.worked, g.billable, g.invoiced from (
         select e.ticket_id, ${MINUTES} from time_entry e
         where ${IN_RANGE} and e.ended_at is not null and e.agreement_id is not distinct from $5::uuid group by e.ticket_id
       ) g left join ticket t on t.msp_id = $1 and t.id = g.ticket_id
       order by g.worked desc, t.number desc nulls last limit 200`,
      [scope.mspId, range.from, range.to, range.clientId, agreementId],
    ),
  );
}
