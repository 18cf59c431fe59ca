import type { TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** Links that go into a ticket's mails, such as those by which its contact rates the work. Given at composition by whoever has some. */
export interface MailLinks {
  /** For the mail that says that a ticket is resolved; each is one click for its reader. */
  ofResolved(
    tx: AnyTransaction,
    ticketId: TicketId,
  ): Promise<readonly { readonly label: string; readonly url: string }[]>;
}
