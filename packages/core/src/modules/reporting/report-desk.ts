import type { Clock } from '#kernel/clock';
import { neutralCell } from '#kernel/csv';
import type { Download } from '#kernel/operation';
import { decodeCursor, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ClientQueries } from '#modules/tenancy';
import type { z } from 'zod';
import {
  DESK_REPORT_DEFINITIONS,
  type DeskReportDefinition,
  type DeskReportInput,
  type DeskReportTicketsInput,
  type DeskReportView,
  type OutcomeDefinition,
  type reportTicketView,
} from './desk-report.ts';
import type { DeskRange, DeskReportQueries, FigureRow, SpreadRow } from './desk-report-queries.ts';

type Figures = DeskReportView['total'];

interface Deps {
  readonly queries: DeskReportQueries;
  readonly clients: ClientQueries;
  readonly clock: Clock;
}

/** Answers what is asked of the desk: each figure with what it is a share of, and with the tickets that it leaves out. */
export class ReportDesk {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws `tenancy.client-not-found`: a report of nothing would read as "they have none". */
  async run(scope: TenantScope, input: DeskReportInput): Promise<DeskReportView> {
    const { queries, clients } = this.#deps;
    if (input.clientId !== undefined) await clients.get(scope, input.clientId);
    const definition = DESK_REPORT_DEFINITIONS[input.report];
    const rows = await queries.figures(scope, input.report, this.#range(input));
    const lines = linesOf(definition, rows);
    const all = [...lines.values()];
    return {
      report: input.report,
      title: definition.title,
      population: definition.population,
      rateWords: definition.rate,
      valueWords: definition.value,
      outcomes: [...definition.outcomes],
      total: all.find(({ row }) => row.kind === 'total')?.figures ?? figuresOf(definition, {}, undefined),
      byClient: all
        .flatMap(({ row: { kind, client_id, client_name }, figures }) =>
          kind === 'client' && client_id !== null
            ? [{ clientId: client_id, clientName: client_name ?? '', ...figures }]
            : [],
        )
        .toSorted((one, other) => one.clientName.localeCompare(other.clientName)),
      byPriority: all
        .flatMap(({ row: { kind, priority }, figures }) =>
          kind === 'priority' && priority !== null ? [{ priority, ...figures }] : [],
        )
        .toSorted((one, other) => one.priority - other.priority),
      byWeek:
        input.report === 'backlog-age'
          ? []
          : all
              .flatMap(({ row: { kind, week }, figures }) =>
                kind === 'week' && week !== null ? [{ week: week.toString(), ...figures }] : [],
              )
              .toSorted((one, other) => one.week.localeCompare(other.week)),
    };
  }

  /** The tickets behind a number. Throws `tenancy.client-not-found`, `page.bad-cursor`. */
  async tickets(scope: TenantScope, input: DeskReportTicketsInput): Promise<Page<z.input<typeof reportTicketView>>> {
    if (input.clientId !== undefined) await this.#deps.clients.get(scope, input.clientId);
    const [before = null] = input.cursor === undefined ? [] : decodeCursor(input.cursor, 1);
    const rows = await this.#deps.queries.tickets(scope, input.report, this.#range(input), {
      priority: input.priority ?? null,
      outcome: input.outcome ?? null,
      before: typeof before === 'number' ? before : null,
      limit: input.limit + 1,
    });
    return toPage(
      rows,
      input.limit,
      (row) => ({
        ticketId: row.id,
        number: row.number,
        subject: row.subject,
        clientId: row.client_id,
        clientName: row.client_name,
        priority: row.priority,
        outcome: row.outcome,
        at: row.at.toString(),
        value: row.value,
      }),
      (row) => [row.number],
    );
  }

  /** The report by client and by priority as a CSV file (RFC 4180, UTF-8 with a byte-order mark, which Excel needs). */
  async export(scope: TenantScope, input: DeskReportInput): Promise<Download> {
    const report = await this.run(scope, input);
    const head = ['Line', ...report.outcomes.map(({ title }) => title), 'Counted', 'Rate', 'Median', '90 %'];
    const line = (name: string, figures: Figures): string[] => [
      name,
      ...report.outcomes.map(({ key }) => String(figures.outcomes[key] ?? 0)),
      String(figures.denominator),
      figures.rate === null ? '' : figures.rate.toFixed(4),
      figures.median === null ? '' : figures.median.toFixed(0),
      figures.p90 === null ? '' : figures.p90.toFixed(0),
    ];
    const lines = [
      [`${report.title}, ${input.from} to ${input.to} (${input.zone})`],
      [report.population],
      head,
      line('All', report.total),
      ...report.byPriority.map((one) => line(`P${one.priority}`, one)),
      ...report.byClient.map((one) => line(one.clientName, one)),
    ];
    const text = lines.map((cells) => cells.map(neutralCell).join(',')).join('\r\n');
    return {
      fileName: `${input.report}.csv`,
      contentType: 'text/csv; charset=utf-8',
      body: new TextEncoder().encode(`\ufeff${text}\r\n`),
      disposition: 'attachment',
    };
  }

  #range({ from, to, zone, clientId }: DeskReportInput | DeskReportTicketsInput): DeskRange {
    const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).toInstant();
    return {
      from: startOf(Temporal.PlainDate.from(from)),
      to: startOf(Temporal.PlainDate.from(to).add({ days: 1 })),
      now: this.#deps.clock.now(),
      zone,
      clientId: clientId ?? null,
    };
  }
}

function linesOf(
  definition: DeskReportDefinition,
  { figures, spreads }: { figures: readonly FigureRow[]; spreads: readonly SpreadRow[] },
): Map<string, { row: FigureRow; figures: Figures }> {
  const spreadOf = new Map(spreads.map((row) => [keyOf(row), row]));
  return new Map(
    [...Map.groupBy(figures, keyOf)].flatMap(([key, rows]) => {
      const [row] = rows;
      const counts = Object.fromEntries(rows.map(({ outcome, tickets }) => [outcome, tickets]));
      return row === undefined ? [] : [[key, { row, figures: figuresOf(definition, counts, spreadOf.get(key)) }]];
    }),
  );
}

function keyOf({ kind, client_id, priority, week }: Omit<FigureRow, 'outcome' | 'tickets'>): string {
  return `${kind}/${client_id ?? ''}/${priority ?? ''}/${week?.toString() ?? ''}`;
}

function figuresOf(
  { outcomes, rate, numerator }: DeskReportDefinition,
  counts: Record<string, number>,
  spread: SpreadRow | undefined,
): Figures {
  const sum = (counted: (outcome: OutcomeDefinition) => boolean): number =>
    outcomes.filter(counted).reduce((all, { key }) => all + (counts[key] ?? 0), 0);
  const denominator = sum(({ role }) => role !== 'excluded');
  return {
    outcomes: counts,
    denominator,
    rate:
      rate === null || denominator === 0
        ? null
        : sum(({ key, role }) => numerator?.includes(key) ?? role === 'good') / denominator,
    median: spread?.median ?? null,
    p90: spread?.p90 ?? null,
  };
}
