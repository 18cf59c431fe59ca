import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { neutralCell } from '#kernel/csv';
import { clientIdSchema } from '#kernel/id';
import { minorDigits } from '#kernel/money';
import type { Download } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import { INVOICE_STATES } from './invoice.ts';
import type { InvoiceQueries } from './invoice-queries.ts';
import type { InvoiceSummaryView } from './invoice-view.ts';

export const exportInvoicesInput = z.object({
  clientId: clientIdSchema.optional(),
  states: z.array(z.enum(INVOICE_STATES)).max(INVOICE_STATES.length).optional(),
});

const COLUMNS: readonly (readonly [string, (invoice: InvoiceSummaryView) => string])[] = [
  ['Number', (invoice) => neutralCell(invoice.number ?? '')],
  ['Kind', (invoice) => invoice.kind],
  ['State', (invoice) => invoice.state],
  ['Issued', (invoice) => invoice.issuedOn ?? ''],
  ['Due', (invoice) => invoice.dueOn ?? ''],
  ['Paid', (invoice) => invoice.paidOn ?? ''],
  ['Service from', (invoice) => invoice.serviceFrom ?? ''],
  ['Service until (not in it)', (invoice) => invoice.serviceUntil ?? ''],
  ['Currency', (invoice) => invoice.currency],
  ['Net', (invoice) => major(invoice.netMinor, invoice.currency)],
  ['Tax', (invoice) => major(invoice.taxMinor, invoice.currency)],
  ['Total', (invoice) => major(invoice.totalMinor, invoice.currency)],
  ['Client id', (invoice) => invoice.clientId],
  ['Invoice id', (invoice) => invoice.id],
];

/** Rows read at once: bounds memory, whatever the size of the export. */
const CHUNK = 200;

/** Invoices as CSV (RFC 4180, UTF-8 with a byte order mark), page by page as the reader takes it. */
export function exportInvoices(
  queries: InvoiceQueries,
  scope: TenantScope,
  filter: z.output<typeof exportInvoicesInput>,
): Download {
  const encoder = new TextEncoder();
  let cursor: string | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(`\u{FEFF}${line(COLUMNS.map(([title]) => title))}`)),
    async pull(controller) {
      const page = await queries.list(scope, { ...filter, limit: CHUNK, ...(cursor === undefined ? {} : { cursor }) });
      if (page.items.length > 0)
        controller.enqueue(
          encoder.encode(page.items.map((invoice) => line(COLUMNS.map(([, cell]) => cell(invoice)))).join('')),
        );
      if (page.nextCursor === null) controller.close();
      else cursor = page.nextCursor;
    },
  });
  return { fileName: 'invoices.csv', contentType: 'text/csv; charset=utf-8', body, disposition: 'attachment' };
}

function major(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  return new Decimal(amountMinor).dividedBy(new Decimal(10).pow(digits)).toFixed(digits);
}

/** Cells of words are neutral already; amounts and dates are ours, and a credit's may begin with a minus. */
function line(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}
