import type { ClientId, Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { DeskReportName } from './desk-report.ts';

/** Which tickets a report looks at. */
export interface DeskRange {
  readonly from: Temporal.Instant;
  /** The first instant after it. */
  readonly to: Temporal.Instant;
  readonly now: Temporal.Instant;
  readonly zone: string;
  readonly clientId: ClientId | null;
}

/** One line of a report: of a client, a priority, a week, or of all. */
export interface FigureRow {
  readonly kind: 'client' | 'priority' | 'week' | 'total';
  readonly client_id: ClientId | null;
  readonly client_name: string | null;
  readonly priority: number | null;
  readonly week: Temporal.PlainDate | null;
  readonly outcome: string;
  readonly tickets: number;
}

/** The spread of what was measured, of one line. */
export type SpreadRow = Omit<FigureRow, 'outcome' | 'tickets'> & {
  readonly median: number | null;
  readonly p90: number | null;
};

export interface ReportTicketRow {
  readonly id: Id<'ticket'>;
  readonly number: number;
  readonly subject: string;
  readonly client_id: ClientId;
  readonly client_name: string;
  readonly priority: number;
  readonly outcome: string;
  readonly at: Temporal.Instant;
  readonly value: number | null;
}

const OPENED = 't.opened_at >= $2::timestamptz and t.opened_at < $3::timestamptz';
const CLIENT = '($5::uuid is null or t.client_id = $5::uuid)';

function promise(measure: 'response' | 'update' | 'resolution'): string {
  return `
    select t.client_id, t.id, t.priority, t.opened_at as at, null::double precision as value,
      case
        when s.${measure}_verdict = 'breached' or (s.${measure}_verdict = 'open' and s.${measure}_due_at < $4::timestamptz) then 'breached'
        when s.${measure}_verdict = 'met' then 'met'
        when t.merged_into_id is not null then 'merged'
        when s.${measure}_verdict = 'open' then 'undecided'
        else 'no-promise' end as outcome
    from ticket t left join sla_ticket s on s.msp_id = t.msp_id and s.ticket_id = t.id
    where t.msp_id = $1 and ${OPENED} and ${CLIENT}`;
}

/** The first resolution in the range, and what came after it. */
const RESOLUTIONS = `
  with solved as (
    select distinct on (e.ticket_id) e.ticket_id, e.client_id, e.at
    from ticket_event e
    where e.msp_id = $1 and e.kind = 'status' and e.at >= $2::timestamptz and e.at < $3::timestamptz
      and e.to_value in ('resolved', 'closed') and e.from_value not in ('resolved', 'closed')
      and ($5::uuid is null or e.client_id = $5::uuid)
    order by e.ticket_id, e.at
  )`;
const IS_REOPENED = `exists (
  select from ticket_event r where r.msp_id = $1 and r.client_id = d.client_id and r.ticket_id = d.ticket_id and r.at >= d.at and r.kind = 'status'
    and r.from_value in ('resolved', 'closed') and r.to_value not in ('resolved', 'closed'))`;

/** Each answers one row a ticket: client, priority, when, outcome, value. `$1` MSP, `$2` from, `$3` to, `$4` now, `$5` client or null. */
const CASES: Readonly<Record<DeskReportName, string>> = {
  'sla-response': promise('response'),
  'sla-update': promise('update'),
  'sla-resolution': promise('resolution'),
  'first-response': `
    select t.client_id, t.id, t.priority, t.opened_at as at,
      extract(epoch from s.response_ended_at - t.opened_at)::double precision as value,
      case when s.response_ended_at is not null then 'answered' when t.merged_into_id is not null then 'merged' when t.is_open and s.ticket_id is not null then 'waiting' else 'unknown' end as outcome
    from ticket t left join sla_ticket s on s.msp_id = t.msp_id and s.ticket_id = t.id
    where t.msp_id = $1 and $4::timestamptz is not null and ${OPENED} and ${CLIENT}`,
  'resolution-time': `
    select t.client_id, t.id, t.priority, t.opened_at as at,
      case when t.is_open or t.merged_into_id is not null then null else extract(epoch from t.resolved_at - t.opened_at)::double precision end as value,
      case when t.merged_into_id is not null then 'merged' when t.is_open then 'open' else 'resolved' end as outcome
    from ticket t
    where t.msp_id = $1 and $4::timestamptz is not null and ${OPENED} and ${CLIENT}`,
  'backlog-age': `
    select t.client_id, t.id, t.priority, t.opened_at as at,
      extract(epoch from $4::timestamptz - t.opened_at)::double precision as value,
      case
        when t.opened_at > $4::timestamptz - interval '1 day' then 'day'
        when t.opened_at > $4::timestamptz - interval '3 days' then 'days'
        when t.opened_at > $4::timestamptz - interval '7 days' then 'week'
        when t.opened_at > $4::timestamptz - interval '30 days' then 'month'
        else 'older' end as outcome
    from ticket t
    where t.msp_id = $1 and t.is_open and $2::timestamptz <= $3::timestamptz and ${CLIENT}`,
  reopened: `
    ${RESOLUTIONS}
    select t.client_id, t.id, t.priority, d.at, null::double precision as value,
      case when ${IS_REOPENED} then 'reopened' else 'stayed' end as outcome
    from solved d join ticket t on t.msp_id = $1 and t.id = d.ticket_id
    where t.merged_into_id is null and $4::timestamptz is not null`,
  'one-touch': `
    ${RESOLUTIONS}
    select t.client_id, t.id, t.priority, d.at, w.answers::double precision as value,
      case when w.answers = 0 then 'no-answer' when w.answers = 1 and not ${IS_REOPENED} then 'one-touch' else 'several' end as outcome
    from solved d join ticket t on t.msp_id = $1 and t.id = d.ticket_id
      cross join lateral (
        select count(*) as answers from ticket_event a
        where a.msp_id = $1 and a.client_id = d.client_id and a.ticket_id = d.ticket_id and a.kind = 'public-reply'
      ) w
    where t.merged_into_id is null and $4::timestamptz is not null`,
};

const WEEK = `date_trunc('week', c.at at time zone $6::text)::date`;
const KIND_OF_GROUP = `case when g.of_client = 0 then 'client' when g.of_priority = 0 then 'priority' when g.of_week = 0 then 'week' else 'total' end`;
/** Materialized, so that the tickets are looked at once for all lines. */
const GROUPED = (name: DeskReportName): string => `with cases as materialized (${CASES[name]})`;

/** Reads the desk's reports. Policies hold as everywhere: a reader's figures are of the clients that the reader sees. */
export class DeskReportQueries {
  readonly #db: ScopedDb;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db;
  }

  /** All lines of a report: how many tickets had which outcome, and how the measured values spread. */
  async figures(
    scope: TenantScope,
    name: DeskReportName,
    range: DeskRange,
  ): Promise<{ figures: FigureRow[]; spreads: SpreadRow[] }> {
    return this.#db.transaction(scope, async (tx) => {
      const values = [...valuesOf(scope, range), range.zone];
      const figures = await tx.sql<FigureRow>(
        `${GROUPED(name)}
         select ${KIND_OF_GROUP} as kind, g.client_id, l.name as client_name, g.priority, g.week, g.outcome, g.tickets from (
           select c.client_id, c.priority, ${WEEK} as week, c.outcome, count(*)::integer as tickets,
             grouping(c.client_id) as of_client, grouping(c.priority) as of_priority, grouping(${WEEK}) as of_week
           from cases c group by c.outcome, grouping sets ((c.client_id), (c.priority), (${WEEK}), ())
         ) g left join client l on l.msp_id = $1 and l.id = g.client_id`,
        values,
      );
      const spreads = await tx.sql<SpreadRow>(
        `${GROUPED(name)}
         select ${KIND_OF_GROUP} as kind, g.client_id, null as client_name, g.priority, g.week, g.median, g.p90 from (
           select c.client_id, c.priority, ${WEEK} as week,
             percentile_cont(0.5) within group (order by c.value) as median, percentile_cont(0.9) within group (order by c.value) as p90,
             grouping(c.client_id) as of_client, grouping(c.priority) as of_priority, grouping(${WEEK}) as of_week
           from cases c where c.value is not null group by grouping sets ((c.client_id), (c.priority), (${WEEK}), ())
         ) g`,
        values,
      );
      return { figures, spreads };
    });
  }

  /** The tickets behind a number, the newest number first, from below `before`. */
  async tickets(
    scope: TenantScope,
    name: DeskReportName,
    range: DeskRange,
    only: { priority: number | null; outcome: string | null; before: number | null; limit: number },
  ): Promise<ReportTicketRow[]> {
    return this.#db.transaction(scope, (tx) =>
      tx.sql<ReportTicketRow>(
        `select t.id, t.number, t.subject, t.client_id, l.name as client_name, t.priority, c.outcome, c.at, c.value
         from (${CASES[name]}) c
           join ticket t on t.msp_id = $1 and t.id = c.id
           join client l on l.msp_id = $1 and l.id = t.client_id
         where ($6::integer is null or c.priority = $6::integer) and ($7::text is null or c.outcome = $7::text)
           and ($8::integer is null or t.number < $8::integer)
         order by t.number desc limit $9`,
        [...valuesOf(scope, range), only.priority, only.outcome, only.before, only.limit],
      ),
    );
  }
}

function valuesOf(scope: TenantScope, { from, to, now, clientId }: DeskRange): unknown[] {
  return [scope.mspId, from, to, now, clientId];
}
