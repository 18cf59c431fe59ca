import { ConflictError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { ClientQueries, SiteId } from '#modules/tenancy';
import type { TicketForWork, TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** What work is done on: a ticket, or a client without one. Work for nobody but the MSP is for the client that is the MSP itself. */
export type WorkOn =
  | { readonly ticketId: TicketId; readonly clientId?: undefined }
  | { readonly ticketId?: undefined; readonly clientId: ClientId };

/** Whom work is for, as rating and storing need it. */
export interface WorkPlace {
  readonly clientId: ClientId;
  readonly siteId: SiteId | null;
  readonly ticketId: TicketId | null;
  /** `the ticket T-12`, `Hartley & Sons`. */
  readonly label: string;
}

/** Says whom work is for. */
export class WorkPlaces {
  readonly #deps: { readonly tickets: TicketForWork; readonly clients: ClientQueries };

  constructor(deps: { tickets: TicketForWork; clients: ClientQueries }) {
    this.#deps = deps;
  }

  /** Throws `tickets.ticket-not-found`, `tenancy.client-not-found`, `time.client-archived`; the former two also for another tenant's. */
  async read(tx: AnyTransaction, on: WorkOn): Promise<WorkPlace> {
    if (on.ticketId !== undefined) {
      const ticket = await this.#deps.tickets.read(tx, on.ticketId);
      return {
        clientId: ticket.client_id,
        siteId: ticket.site_id,
        ticketId: ticket.id,
        label: `the ticket T-${ticket.number}`,
      };
    }
    const client = await this.#deps.clients.get(tx.scope, on.clientId);
    if (client.state === 'archived')
      throw new ConflictError(
        'time.client-archived',
        `${client.name} is archived, and no work is done for it any more.`,
        {
          fields: [{ path: ['clientId'], message: 'is archived' }],
        },
      );
    return { clientId: on.clientId, siteId: null, ticketId: null, label: client.name };
  }
}

/** What an entry or a timer is on. */
export function workOn(row: { readonly ticket_id: TicketId | null; readonly client_id: ClientId }): WorkOn {
  return row.ticket_id === null ? { clientId: row.client_id } : { ticketId: row.ticket_id };
}
