import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { neutralCell } from '#kernel/csv';
import { clientIdSchema, idSchema, type Id } from '#kernel/id';
import type { Download } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { refuseBadRange, reportRange } from './desk-report.ts';

/** What became of a stay. `none`: nothing was promised, or the ticket was merged away. */
export const STAY_OUTCOMES = ['met', 'breached', 'undecided', 'none'] as const;

export const olaReportInput = z.object(reportRange).superRefine(refuseBadRange);
type OlaReportInput = z.output<typeof olaReportInput>;
export const olaReportTicketsInput = z
  .object({ ...reportRange, teamId: idSchema('team'), outcome: z.enum(STAY_OUTCOMES).optional() })
  .superRefine(refuseBadRange);

const figures = {
  met: z.int(),
  breached: z.int(),
  undecided: z.int(),
  none: z.int(),
  /** Met and breached: over what the rate is. */
  denominator: z.int(),
  /** 0 to 1; null where nothing is counted. */
  rate: z.number().nullable(),
  /** The middle of the time that tickets were with the team, of stays that ended, in seconds of wall-clock time. */
  median: z.number().nullable(),
};
export const olaReportView = z.object({
  items: z.array(z.object({ teamId: idSchema('team'), teamName: z.string(), ...figures })),
});
type OlaReportView = z.input<typeof olaReportView>;
export const olaTicketView = z.object({
  ticketId: idSchema('ticket'),
  number: z.int(),
  subject: z.string(),
  clientId: clientIdSchema,
  clientName: z.string(),
  outcome: z.enum(STAY_OUTCOMES),
  from: z.iso.datetime(),
});
type OlaTicketView = z.input<typeof olaTicketView>;

/** A stay that is overdue counts as breached while the ticket is still with the team. */
const STAYS = `
  select s.team_id, s.ticket_id, s.client_id, s.started_at, s.ended_at,
    case
      when s.verdict = 'breached' or (s.verdict = 'open' and s.due_at < $4::timestamptz) then 'breached'
      when s.verdict = 'met' then 'met' when s.verdict = 'open' then 'undecided' else 'none' end as outcome
  from ola_stay s
  where s.msp_id = $1 and s.started_at >= $2::timestamptz and s.started_at < $3::timestamptz
    and ($5::uuid is null or s.client_id = $5::uuid)`;

interface Line {
  readonly team_id: Id<'team'>;
  readonly name: string;
  readonly met: number;
  readonly breached: number;
  readonly undecided: number;
  readonly none: number;
  readonly median: number | null;
}

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly clock: Clock;
}

/** How long tickets were with which team, and whether that was within the team's OLA. */
export class ReportOlas {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Stays that began in the days, by team. Throws `tenancy.client-not-found`. */
  async run(scope: TenantScope, input: OlaReportInput): Promise<OlaReportView> {
    if (input.clientId !== undefined) await this.#deps.clients.get(scope, input.clientId);
    const rows = await this.#deps.db.transaction(scope, (tx) =>
      tx.sql<Line>(
        `select t.id as team_id, t.name, g.met, g.breached, g.undecided, g.none, g.median from (
           select s.team_id, ${STAY_OUTCOMES.map((one) => `count(*) filter (where s.outcome = '${one}')::integer as "${one}"`).join(', ')},
             percentile_cont(0.5) within group (order by extract(epoch from s.ended_at - s.started_at)::double precision) as median
           from (${STAYS}) s group by s.team_id
         ) g join team t on t.msp_id = $1 and t.id = g.team_id order by t.name`,
        this.#values(scope, input),
      ),
    );
    return {
      items: rows.map(({ team_id: teamId, name: teamName, ...line }) => {
        const denominator = line.met + line.breached;
        return { teamId, teamName, ...line, denominator, rate: denominator === 0 ? null : line.met / denominator };
      }),
    };
  }

  /** The tickets behind a number, the newest stay first, up to 200. Throws `tenancy.client-not-found`. */
  async tickets(scope: TenantScope, input: z.output<typeof olaReportTicketsInput>): Promise<OlaTicketView[]> {
    if (input.clientId !== undefined) await this.#deps.clients.get(scope, input.clientId);
    return this.#deps.db.transaction(scope, async (tx) => {
      const rows = await tx.sql<Omit<OlaTicketView, 'from'> & { from: Temporal.Instant }>(
        `select k.id as "ticketId", k.number, k.subject, k.client_id as "clientId", c.name as "clientName", s.outcome, s.started_at as "from"
         from (${STAYS}) s join ticket k on k.msp_id = $1 and k.id = s.ticket_id join client c on c.msp_id = $1 and c.id = k.client_id
         where s.team_id = $6::uuid and ($7::text is null or s.outcome = $7::text)
         order by s.started_at desc limit 200`,
        [...this.#values(scope, input), input.teamId, input.outcome ?? null],
      );
      return rows.map((row) => ({ ...row, from: row.from.toString() }));
    });
  }

  /** As a CSV file. */
  async export(scope: TenantScope, input: OlaReportInput): Promise<Download> {
    const { items } = await this.run(scope, input);
    const lines = [
      ['Team', 'Met', 'Breached', 'Not decided yet', 'Nothing promised', 'Counted', 'Rate', 'Median seconds'],
      ...items.map((one) => [
        one.teamName,
        ...STAY_OUTCOMES.map((outcome) => String(one[outcome])),
        String(one.denominator),
        one.rate === null ? '' : one.rate.toFixed(4),
        one.median === null ? '' : one.median.toFixed(0),
      ]),
    ];
    const text = lines.map((cells) => cells.map(neutralCell).join(',')).join('\r\n');
    return {
      fileName: 'ola.csv',
      contentType: 'text/csv; charset=utf-8',
      body: new TextEncoder().encode(`\ufeff${text}\r\n`),
      disposition: 'attachment',
    };
  }

  #values(scope: TenantScope, { from, to, zone, clientId }: OlaReportInput): unknown[] {
    const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).toInstant();
    return [
      scope.mspId,
      startOf(Temporal.PlainDate.from(from)),
      startOf(Temporal.PlainDate.from(to).add({ days: 1 })),
      this.#deps.clock.now(),
      clientId ?? null,
    ];
  }
}
