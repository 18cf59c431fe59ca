import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { TicketId } from './ticket-table.ts';

/** What a module below has to say before staff resolve or close a ticket. */
export interface TicketGate {
  /** Throws a `ConflictError` that says what is to be done first. */
  assertMayResolve(tx: AnyTransaction, ticketId: TicketId): Promise<void>;
}

/** All that must agree before staff resolve or close a ticket; modules below add theirs when they are registered. */
export class TicketGates {
  readonly #gates: TicketGate[] = [];

  add(gate: TicketGate): void {
    this.#gates.push(gate);
  }

  /** Throws what the first gate throws that does not agree. What a contact or the platform ends is not held up. */
  async assertMayResolve(tx: AnyTransaction, ticketId: TicketId): Promise<void> {
    if (tx.scope.audience !== 'staff') return;
    for (const gate of this.#gates) await gate.assertMayResolve(tx, ticketId);
  }
}
