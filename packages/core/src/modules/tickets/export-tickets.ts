import { z } from 'zod';
import type { Download } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ClientQueries } from '#modules/tenancy';
import { neutralCell } from '#kernel/csv';
import { ticketFilterInput } from './ticket-filter-queries.ts';
import { TICKET_SORTS } from './ticket-list-queries.ts';
import type { TicketQueries } from './ticket-queries.ts';
import type { TicketView } from './ticket-view.ts';

export const exportTicketsInput = z.object({ ...ticketFilterInput, sort: z.enum(TICKET_SORTS).default('updated') });

const COLUMNS = [
  ['Number', (ticket) => String(ticket.number)],
  ['Subject', (ticket) => ticket.subject],
  ['Client', (ticket) => ticket.clientName],
  ['Type', (ticket) => ticket.type],
  ['Status', (ticket) => ticket.status],
  ['Priority', (ticket) => `P${ticket.priority}`],
  ['Queue', (ticket) => ticket.queueName],
  ['Assignee', (ticket) => ticket.assigneeName],
  ['Contact', (ticket) => ticket.contactName],
  ['Asset', (ticket) => ticket.assetName],
  ['Source', (ticket) => ticket.source],
  ['Opened', (ticket) => ticket.openedAt],
  ['Updated', (ticket) => ticket.updatedAt],
  ['Resolved', (ticket) => ticket.resolvedAt],
] as const satisfies readonly (readonly [string, (ticket: TicketView) => string | null])[];

const PAGE = 200;

/** A list of tickets as a CSV file (RFC 4180, UTF-8 with a byte-order mark, which Excel needs), page by page: its size never sits in memory. */
export class ExportTickets {
  readonly #tickets: TicketQueries;
  readonly #clients: ClientQueries;

  constructor(deps: { tickets: TicketQueries; clients: ClientQueries }) {
    this.#tickets = deps.tickets;
    this.#clients = deps.clients;
  }

  /** Throws `tenancy.client-not-found` for a client out of reach: an empty file would read as "they have none". */
  async run(scope: TenantScope, input: z.output<typeof exportTicketsInput>): Promise<Download> {
    if (input.clientId !== undefined) await this.#clients.get(scope, input.clientId);
    const encoder = new TextEncoder();
    const tickets = this.#tickets;
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield encoder.encode(`\ufeff${COLUMNS.map(([title]) => title).join(',')}\r\n`);
      let cursor: string | undefined;
      do {
        const page = await tickets.list(scope, { ...input, limit: PAGE, cursor });
        const rows = page.items.map((ticket) => COLUMNS.map(([, cell]) => neutralCell(cell(ticket) ?? '')).join(','));
        if (rows.length > 0) yield encoder.encode(`${rows.join('\r\n')}\r\n`);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
    }
    return {
      fileName: 'tickets.csv',
      contentType: 'text/csv; charset=utf-8',
      body: streamOf(lines()),
      disposition: 'attachment',
    };
  }
}

function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}
