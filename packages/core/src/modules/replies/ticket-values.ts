import type { TenantScope } from '#kernel/tenant-scope';
import type { ContactQueries, MspQueries } from '#modules/tenancy';
import type { TicketId, TicketQueries } from '#modules/tickets';
import { firstNameOf } from './placeholders.ts';

/** Looks up what the placeholders of a canned reply stand for on one ticket. */
export class TicketValues {
  readonly #deps: { tickets: TicketQueries; contacts: ContactQueries; msps: MspQueries };

  constructor(deps: { tickets: TicketQueries; contacts: ContactQueries; msps: MspQueries }) {
    this.#deps = deps;
  }

  /** A value for each placeholder; null where nothing is known. Throws `tickets.ticket-not-found`. */
  async of(scope: TenantScope, ticketId: TicketId): Promise<ReadonlyMap<string, string | null>> {
    const { tickets, contacts, msps } = this.#deps;
    const [row, ticket, msp] = await Promise.all([
      tickets.row(scope, ticketId),
      tickets.named(scope, ticketId),
      msps.get(scope),
    ]);
    const contact = row.contact_id === null ? null : await contacts.find(scope, row.contact_id);
    // A rule is nobody: it writes in the company's name.
    const agent = scope.actor.kind === 'login' ? scope.actor.label : scope.audience === 'system' ? msp.name : null;
    return new Map([
      ['contact.firstName', firstNameOf(contact?.name ?? null)],
      ['contact.name', contact?.name ?? null],
      ['contact.email', contact?.email ?? null],
      ['client.name', ticket.clientName],
      ['ticket.number', `T-${ticket.number}`],
      ['ticket.subject', ticket.subject],
      ['ticket.status', ticket.status.replaceAll('-', ' ')],
      ['ticket.priority', `P${ticket.priority}`],
      ['assignee.name', ticket.assigneeName],
      ['asset.name', ticket.assetName],
      ['agent.firstName', scope.actor.kind === 'login' ? firstNameOf(agent) : agent],
      ['agent.name', agent],
      ['msp.name', msp.name],
    ]);
  }
}
