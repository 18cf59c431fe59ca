import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { MspQueries, MspView } from '#modules/tenancy';
import type { TicketCommentId, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { Mail, MailRecipient } from '#platform/mail/mail';
import type { Mailer } from '#platform/mail/mailer';
import type { FilesOfMail } from './files-of-mail.ts';
import type { MailIntakeStore } from './mail-intake-store.ts';
import type { MessageKind } from './mail-intake-table.ts';
import type { MailLinks } from './mail-intake-needs.ts';
import { replyTokenOf } from './reply-token.ts';
import {
  headerName,
  recipientsOf,
  replyAddress,
  threadOf,
  type PastMail,
  type PublicWords,
  type Reader,
  type SendingMailbox,
  type TicketOfMail,
} from './ticket-mail-facts.ts';
import type { TicketMailReader } from './ticket-mail-reader-queries.ts';
import { ticketMailBodies, ticketMailSubject, type QuotedWords } from './ticket-mail-text.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly reader: TicketMailReader;
  readonly store: MailIntakeStore;
  readonly mailer: Mailer;
  readonly files: FilesOfMail;
  readonly msps: MspQueries;
  readonly live: LiveHub;
  readonly clock: Clock;
  readonly tokenKey: Buffer;
  readonly links: () => MailLinks | null;
}

/** What is mailed. */
interface Message {
  readonly kind: Extract<MessageKind, 'reply' | 'acknowledgement' | 'resolution'>;
  readonly text: string;
  readonly closing: string;
  /** Whose words it carries. */
  readonly words: PublicWords | null;
  readonly quoted: PublicWords | null;
}

type TicketWithContact = TicketOfMail & { readonly contact: Reader | null };

const ANSWER = 'To answer, reply to this mail.';
const RESOLVED = 'We take this for resolved. If it is not, reply to this mail.';
/** More than this a person's hour does not bring; a program that takes each of our mails for news does. */
const MAX_AUTOMATIC_AN_HOUR = 5;

/** Mails what happens on tickets to their contacts and watchers, each thing once. Nothing is sent for an MSP that has no mailbox, for nobody could answer it. */
export class SendTicketMail {
  readonly #db: ScopedDb;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db;
    this.#deps = deps;
  }

  /** A public reply of staff, or of a rule. */
  async replied(
    scope: TenantScope,
    { ticketId, commentId }: { ticketId: TicketId; commentId: TicketCommentId },
  ): Promise<void> {
    await this.#with(scope, ticketId, async (tx, ticket) => {
      if (await this.#deps.reader.isMailed(tx, ticket, { commentId })) return;
      const [words, before] = await this.#deps.reader.publicWords(tx, ticket, commentId);
      if (words?.id !== commentId || words.authorKind === 'contact') return;
      const closing = ticket.status === 'resolved' ? RESOLVED : ANSWER;
      await this.#send(tx, ticket, { kind: 'reply', text: words.body, closing, words, quoted: before ?? null });
    });
  }

  /** A new ticket: told to whom it is for, unless a program asked or it came of itself. */
  async opened(scope: TenantScope, { ticketId }: { ticketId: TicketId }): Promise<void> {
    const { reader } = this.#deps;
    await this.#with(scope, ticketId, async (tx, ticket) => {
      if (!['mail', 'portal', 'staff'].includes(ticket.source)) return;
      if (await reader.isMailed(tx, ticket, { kind: 'acknowledgement' })) return;
      const [words] = await reader.publicWords(tx, ticket, null);
      const isByStaff = words?.authorKind === 'staff';
      if (ticket.source === 'staff' && !isByStaff) return;
      const text = isByStaff
        ? words.body
        : `We have got your message and opened T-${ticket.number} for it: ${ticket.subject}`;
      const message = isByStaff ? { words, quoted: null } : { words: null, quoted: words ?? null };
      await this.#send(tx, ticket, { kind: 'acknowledgement', text, closing: ANSWER, ...message });
    });
  }

  /** A ticket that became resolved without a word. */
  async changed(scope: TenantScope, { ticketId, version }: { ticketId: TicketId; version: number }): Promise<void> {
    await this.#with(scope, ticketId, async (tx, ticket) => {
      if (!(await this.#deps.reader.isResolvedAlone(tx, ticket, version))) return;
      const text = `T-${ticket.number} is resolved: ${ticket.subject}`;
      const closing = 'If it is not, reply to this mail, and we go on with it.';
      await this.#send(tx, ticket, { kind: 'resolution', text, closing, words: null, quoted: null });
    });
  }

  async #with(
    scope: TenantScope,
    ticketId: TicketId,
    work: (tx: AnyTransaction, ticket: TicketWithContact) => Promise<void>,
  ): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const ticket = await this.#deps.reader.ticket(tx, ticketId);
      if (ticket !== null) await work(tx, ticket);
    });
  }

  async #send(tx: AnyTransaction, ticket: TicketWithContact, message: Message): Promise<void> {
    const { reader, msps, mailer, store, clock, live } = this.#deps;
    const past = await reader.past(tx, ticket);
    const mailbox = await reader.mailbox(tx, past);
    if (mailbox === null) return;
    const to = await this.#recipients(tx, ticket, past, message);
    const [first] = to;
    if (first === undefined) return;
    const msp = await msps.get(tx.scope);
    const { mailId, messageId } = await mailer.send(
      tx,
      await this.#mail(tx, { ticket, message, mailbox, past, msp, to }),
    );
    await store.insertMessage(tx, {
      client_id: ticket.clientId,
      ticket_id: ticket.id,
      comment_id: message.words?.id ?? null,
      direction: 'out',
      kind: message.kind,
      inbound_id: null,
      outbox_id: mailId,
      mailbox_id: mailbox.id,
      message_id: messageId,
      address: first.address,
      name: first.name ?? null,
      subject: ticketMailSubject(ticket, past.length > 0),
      why: [],
      warnings: [],
      at: clock.now(),
    });
    live.touch(tx, { clientId: ticket.clientId, topic: 'mail', id: ticket.id, version: past.length + 1 });
  }

  async #recipients(
    tx: AnyTransaction,
    ticket: TicketWithContact,
    past: readonly PastMail[],
    { kind, words }: Message,
  ): Promise<MailRecipient[]> {
    const { reader, clock } = this.#deps;
    const isAutomatic = words?.authorKind !== 'staff';
    const [watchers, unreachable] = [await reader.watchers(tx, ticket.id), await reader.unreachable(tx, ticket)];
    const to = recipientsOf({ ticket, contact: ticket.contact, watchers, unreachable, past, isAutomatic });
    const [first] = to;
    if (!isAutomatic || first === undefined) return to;
    // The mail that opened it came of itself, or the answers to it do.
    if (kind === 'acknowledgement' && past.some((mail) => mail.kind === 'automatic')) return [];
    const sent = await reader.automaticSince(tx, first.address, clock.now().subtract({ hours: 1 }));
    return sent >= MAX_AUTOMATIC_AN_HOUR ? [] : to;
  }

  async #mail(
    tx: AnyTransaction,
    parts: {
      ticket: TicketOfMail;
      message: Message;
      mailbox: SendingMailbox;
      past: readonly PastMail[];
      msp: MspView;
      to: readonly MailRecipient[];
    },
  ): Promise<Mail> {
    const { ticket, message, mailbox, past, msp, to } = parts;
    const token = replyTokenOf(this.#deps.tokenKey, tx.scope.mspId, ticket);
    const { inReplyTo, references } = threadOf(past);
    const { html: said, attachments, leftOut } = await this.#deps.files.of(tx, message.words);
    const isResolved = message.kind === 'resolution' || ticket.status === 'resolved';
    const links = isResolved ? ((await this.#deps.links()?.ofResolved(tx, ticket.id)) ?? []) : [];
    const { text, html } = ticketMailBodies({
      number: ticket.number,
      mspName: msp.name,
      text: message.text,
      html: said,
      author: message.words?.authorName ?? null,
      closing: message.closing,
      links,
      leftOut,
      quoted: message.quoted === null ? null : quotedOf(message.quoted, msp.timeZone),
    });
    return {
      clientId: ticket.clientId,
      purpose: `mail-intake.${message.kind}`,
      to,
      from: mailbox.address,
      fromName: headerName(msp.name),
      replyTo: replyAddress(mailbox, token),
      subject: ticketMailSubject(ticket, past.length > 0),
      text,
      html,
      attachments,
      ...(inReplyTo === null ? {} : { inReplyTo }),
      references,
      threadToken: token,
      autoSubmitted: submittedBy(message),
    };
  }
}

function submittedBy({ kind, words }: Message): 'no' | 'auto-replied' | 'auto-generated' {
  if (words?.authorKind === 'staff') return 'no';
  return kind === 'acknowledgement' ? 'auto-replied' : 'auto-generated';
}

function quotedOf(words: PublicWords, timeZone: string): QuotedWords {
  return { name: words.authorName, at: words.at.toZonedDateTimeISO(timeZone), text: words.body };
}
