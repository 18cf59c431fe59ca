import type { ClientId, Id } from '#kernel/id';
import type { MailboxId, MailboxKind } from '#modules/mail-inbox';
import type { Language } from '#modules/tenancy';
import type { TicketCommentId, TicketId } from '#modules/tickets';
import type { MailRecipient } from '#platform/mail/mail';
import type { MessageKind } from './mail-intake-table.ts';

/** The mailbox that a ticket's mails come from. */
export interface SendingMailbox {
  readonly id: MailboxId;
  readonly address: string;
  readonly kind: MailboxKind;
}

/** Somebody who might get a mail of a ticket. */
export interface Reader {
  readonly address: string;
  readonly name: string | null;
}

/** A mail of the ticket, either way. */
export interface PastMail {
  readonly messageId: string | null;
  readonly direction: 'in' | 'out';
  readonly kind: MessageKind;
  readonly address: string;
  readonly mailboxId: MailboxId | null;
}

/** A ticket as its mails need it. */
export interface TicketOfMail {
  readonly id: TicketId;
  readonly number: number;
  readonly clientId: ClientId;
  readonly subject: string;
  readonly source: string;
  readonly status: string;
  readonly clientState: 'prospect' | 'active' | 'suspended' | 'archived';
}

/** A ticket with whom its mails are for. */
export interface TicketOfContact extends TicketOfMail {
  readonly contact: Reader | null;
  /** What the contact reads; null where that is not known. */
  readonly language: Language | null;
}

/** Words on the ticket that a client may read. */
export interface PublicWords {
  readonly id: TicketCommentId;
  readonly authorKind: 'staff' | 'contact' | 'system';
  readonly authorName: string;
  readonly body: string;
  readonly html: string | null;
  readonly at: Temporal.Instant;
  readonly files: readonly { readonly fileId: Id<'file'>; readonly name: string; readonly sizeBytes: number }[];
}

/** Who gets a mail, the ticket's contact first; empty where nobody may or can. */
export function recipientsOf(facts: {
  readonly ticket: TicketOfMail;
  readonly contact: Reader | null;
  readonly watchers: readonly Reader[];
  readonly unreachable: ReadonlySet<string>;
  readonly past: readonly PastMail[];
  /** True for what no person wrote. */
  readonly isAutomatic: boolean;
}): MailRecipient[] {
  const { clientState } = facts.ticket;
  if (clientState === 'archived' || (facts.isAutomatic && clientState === 'suspended')) return [];
  // Watchers get what people write; that a ticket was opened or resolved is told to whom it belongs.
  const readers = [...(facts.contact === null ? [] : [facts.contact]), ...(facts.isAutomatic ? [] : facts.watchers)];
  const robots = robotsIn(facts.past);
  const reached = readers.filter(({ address }) => !facts.unreachable.has(address) && !robots.has(address));
  const unique = [...new Map(reached.map((reader) => [reader.address, reader])).values()];
  return unique.map(({ address, name }, place) => ({
    address,
    ...(name === null ? {} : { name: headerName(name) }),
    ...(place === 0 ? {} : { isCopy: true }),
  }));
}

/** A name as a header takes it: one line without control characters. */
export function headerName(name: string): string {
  return name
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu, ' ')
    .slice(0, 150)
    .toWellFormed();
}

/** Addresses at which a program last wrote to the ticket by itself: what it gets it would answer. An absence notice makes nobody a program. */
function robotsIn(past: readonly PastMail[]): Set<string> {
  const last = new Map<string, boolean>();
  const [first] = past;
  for (const { direction, kind, address } of past)
    if (direction === 'in' && kind === 'message') last.set(address, false);
  if (first?.direction === 'in' && first.kind === 'automatic' && !last.has(first.address))
    last.set(first.address, true);
  for (const { kind, address } of past) if (kind === 'loop') last.set(address, true);
  return new Set([...last].flatMap(([address, isRobot]) => (isRobot ? [address] : [])));
}

/** The ids of the thread for `In-Reply-To` and `References`: the first mail and the newest. */
export function threadOf(past: readonly PastMail[]): { inReplyTo: string | null; references: string[] } {
  const usable = past.filter((mail) => /^<[^<>\s]{1,250}@[^<>\s]{1,250}>$/.test(mail.messageId ?? ''));
  const ids = [...new Set(usable.map(({ messageId }) => messageId ?? ''))];
  const answered = usable.findLast(({ direction, kind }) => direction === 'in' && kind === 'message') ?? usable.at(-1);
  return {
    inReplyTo: answered?.messageId ?? null,
    references: ids.length <= 20 ? ids : [...ids.slice(0, 1), ...ids.slice(-19)],
  };
}

/** Where an answer goes: to the ticket's own address where the mailbox takes such, else to the mailbox; then the `Message-ID` leads it. */
export function replyAddress(mailbox: SendingMailbox, token: string): string {
  // What an IMAP server makes of `support+…@` is not known, and an answer that comes back is worse than one that needs its references.
  if (mailbox.kind === 'imap') return mailbox.address;
  const tagged = mailbox.address.replace('@', `+${token}@`);
  return tagged.indexOf('@') > 64 ? mailbox.address : tagged;
}
