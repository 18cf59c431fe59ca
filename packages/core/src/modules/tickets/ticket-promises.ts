import type { ClientId } from '#kernel/id';
import type { AgreementId } from '#modules/agreements';
import type { TicketSla } from '#modules/sla';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { HistoryEntry } from './ticket-history.ts';
import { happeningOf, readPast } from './ticket-past.ts';
import type { TicketChange, TicketRow } from './ticket-store.ts';
import type { TicketId, TicketTables } from './ticket-table.ts';

type Tx = ScopedTransaction<TicketTables>;

/** Keeps tickets' clocks in step with their histories, in the same transaction, and tickets' next breach with their clocks. */
export class TicketPromises {
  readonly #sla: TicketSla;

  constructor(deps: { sla: TicketSla }) {
    this.#sla = deps.sla;
  }

  /** When the first promise to a ticket that is being opened is due. */
  async opened(
    tx: Tx,
    ticket: {
      id: TicketId;
      clientId: ClientId;
      agreementId: AgreementId | null;
      type: string;
      priority: number;
      status: string;
    },
    at: Temporal.Instant,
  ): Promise<Temporal.Instant | null> {
    const { id: ticketId, clientId, agreementId, type, priority, status } = ticket;
    return this.#sla.opened(tx, { ticketId, chooseFor: { clientId, agreementId, type }, priority, status }, at);
  }

  /** What else changes of a locked ticket by what happens to it, which is not in its history yet. */
  async changed(
    tx: Tx,
    before: TicketRow,
    change: TicketChange,
    entries: readonly HistoryEntry[],
    at: Temporal.Instant,
  ): Promise<TicketChange> {
    const happenings = entries.map(happeningOf).filter((one) => one !== null);
    const chooseFor = {
      clientId: change.client_id ?? before.client_id,
      agreementId: change.agreement_id === undefined ? before.agreement_id : change.agreement_id,
      type: change.type ?? before.type,
    };
    const mayChangePolicy =
      chooseFor.clientId !== before.client_id ||
      chooseFor.agreementId !== before.agreement_id ||
      chooseFor.type !== before.type;
    if (happenings.length === 0 && !mayChangePolicy) return {};
    const moved = await this.#sla.happened(
      tx,
      [{ ticketId: before.id, clientId: before.client_id, chooseFor, mayChangePolicy, happenings }],
      at,
      (ids) => readPast(tx, ids),
    );
    const next = moved.get(before.id);
    return next === undefined ? {} : { next_breach_at: next };
  }

  /** Brings locked tickets in line with the rules of now. Answers for those for which something changed. */
  async follow(
    tx: Tx,
    tickets: readonly Pick<TicketRow, 'id' | 'client_id' | 'agreement_id' | 'type'>[],
    at: Temporal.Instant,
  ): Promise<Map<string, Temporal.Instant | null>> {
    const changes = tickets.map(({ id, client_id: clientId, agreement_id: agreementId, type }) => ({
      ticketId: id,
      clientId,
      chooseFor: { clientId, agreementId, type },
      mayChangePolicy: true,
      happenings: [],
    }));
    return this.#sla.happened(tx, changes, at, (ids) => readPast(tx, ids));
  }
}
