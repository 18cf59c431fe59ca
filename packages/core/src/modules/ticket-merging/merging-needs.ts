import type { TicketRow } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** What merging needs of approvals, which stand below it in the order of modules. */
export interface OpenApprovals {
  /**
   * Ends, in the caller's transaction, whatever waits for an answer on a ticket that is about to go on as another one, and tells those who were asked. Says how many there were; where
   * there were any, the ticket has a note of it.
   */
  withdrawMerged(
    tx: AnyTransaction,
    source: Pick<TicketRow, 'id' | 'number'>,
    into: Pick<TicketRow, 'number'>,
  ): Promise<number>;
}
