import type { TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** Something that the reader of a mail is asked, and answers by one click on a link. */
export interface MailQuestion {
  readonly title: string;
  /** Below the links. */
  readonly note: string;
  /** Each with a sign, such as a face, and with what it means. */
  readonly links: readonly { readonly sign: string; readonly label: string; readonly url: string }[];
}

/** Asks a ticket's contact how the work was, when it is resolved. Given at composition by whoever wants to know. */
export interface MailLinks {
  /** For a mail that says that the ticket is resolved and goes to its contact alone; null where nothing is asked. */
  ofResolved(tx: AnyTransaction, ticketId: TicketId): Promise<MailQuestion | null>;
  /** After such a mail that others read too: what only the contact may answer is asked in a mail of its own. */
  askApart(tx: AnyTransaction, ticketId: TicketId): Promise<void>;
}
