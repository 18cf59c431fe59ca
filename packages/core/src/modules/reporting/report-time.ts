import { z } from 'zod';
import { neutralCell } from '#kernel/csv';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import type { Download } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { refuseBadRange, reportRange } from './desk-report.ts';
import { readTime, readTimeTickets, type TimeRange } from './time-report-queries.ts';

export const timeReportInput = z.object(reportRange).superRefine(refuseBadRange);
export type TimeReportInput = z.output<typeof timeReportInput>;
export const timeReportTicketsInput = z
  .object({ ...reportRange, clientId: clientIdSchema, agreementId: idSchema('agreement').nullable().default(null) })
  .superRefine(refuseBadRange);

const minutes = {
  entries: z.int(),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
  /** Null until something of it is on an invoice. */
  invoicedMinutes: z.int().nullable(),
};
export const timeReportView = z.object({
  total: z.object({ ...minutes, running: z.int() }),
  items: z.array(
    z.object({
      clientId: clientIdSchema,
      clientName: z.string(),
      agreementId: idSchema('agreement').nullable(),
      /** Null where no contract held, or it is one that the reader does not see. */
      agreementName: z.string().nullable(),
      tickets: z.int(),
      ...minutes,
    }),
  ),
});
export type TimeReportView = z.input<typeof timeReportView>;
export const timeTicketView = z.object({
  /** Null, as the number is, for the line of work that is on no ticket. */
  ticketId: idSchema('ticket').nullable(),
  number: z.int().nullable(),
  subject: z.string(),
  ...minutes,
});

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
}

/** Time by client and contract: what was worked, what of it is to be billed, and what is on invoices. */
export class ReportTime {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Work that began in the days; what has not ended is left out, and counted as `running`. Throws `tenancy.client-not-found`. */
  async run(scope: TenantScope, input: TimeReportInput): Promise<TimeReportView> {
    const { db, clients } = this.#deps;
    if (input.clientId !== undefined) await clients.get(scope, input.clientId);
    const { rows, running } = await readTime(db, scope, rangeOf(input));
    const items = rows.map((row) => ({
      clientId: row.client_id,
      clientName: row.client_name,
      agreementId: row.agreement_id,
      agreementName: row.agreement_name,
      tickets: row.tickets,
      entries: row.entries,
      workedMinutes: row.worked,
      billableMinutes: row.billable,
      invoicedMinutes: row.invoiced,
    }));
    const sum = (of: (item: (typeof items)[number]) => number): number =>
      items.reduce((all, item) => all + of(item), 0);
    return {
      items,
      total: {
        running,
        entries: sum(({ entries }) => entries),
        workedMinutes: sum(({ workedMinutes }) => workedMinutes),
        billableMinutes: sum(({ billableMinutes }) => billableMinutes),
        invoicedMinutes: sum(({ invoicedMinutes }) => invoicedMinutes ?? 0),
      },
    };
  }

  /** The tickets behind one line, the most worked first, up to 200. Throws `tenancy.client-not-found`. */
  async tickets(
    scope: TenantScope,
    input: z.output<typeof timeReportTicketsInput>,
  ): Promise<z.input<typeof timeTicketView>[]> {
    await this.#deps.clients.get(scope, input.clientId);
    const rows = await readTimeTickets(this.#deps.db, scope, rangeOf(input), input.agreementId);
    return rows.map((row) => ({
      ticketId: row.id,
      number: row.number,
      subject: row.subject ?? 'Without a ticket',
      entries: row.entries,
      workedMinutes: row.worked,
      billableMinutes: row.billable,
      invoicedMinutes: row.invoiced,
    }));
  }

  /** As a CSV file. */
  async export(scope: TenantScope, input: TimeReportInput): Promise<Download> {
    const { items } = await this.run(scope, input);
    const lines = [
      ['Client', 'Contract', 'Tickets', 'Entries', 'Worked minutes', 'Billable minutes', 'Invoiced minutes'],
      ...items.map((one) => [
        one.clientName,
        one.agreementName ?? '',
        String(one.tickets),
        String(one.entries),
        String(one.workedMinutes),
        String(one.billableMinutes),
        one.invoicedMinutes === null ? '' : String(one.invoicedMinutes),
      ]),
    ];
    const text = lines.map((cells) => cells.map(neutralCell).join(',')).join('\r\n');
    return {
      fileName: 'time.csv',
      contentType: 'text/csv; charset=utf-8',
      body: new TextEncoder().encode(`\ufeff${text}\r\n`),
      disposition: 'attachment',
    };
  }
}

function rangeOf({
  from,
  to,
  zone,
  clientId,
}: {
  from: string;
  to: string;
  zone: string;
  clientId?: ClientId | undefined;
}): TimeRange {
  const startOf = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).toInstant();
  return {
    from: startOf(Temporal.PlainDate.from(from)),
    to: startOf(Temporal.PlainDate.from(to).add({ days: 1 })),
    clientId: clientId ?? null,
  };
}
