import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { Actor, TenantScope } from '#kernel/tenant-scope';
import type { PreparedFile, StoreFiles } from '#modules/files';
import type { InboundMail } from '#modules/mail-inbox';
import type { SaveContact, TenancyTables } from '#modules/tenancy';
import { type CommentOnTicket, type OpenTicket, type TicketCommentId, type TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { isAddress } from '#platform/mail/mail';
import type { MailContent } from '#platform/mail-reader/mail-content';
import type { PlacedSender, Placing } from './decide-placing.ts';
import type { MailIntakeStore } from './mail-intake-store.ts';
import type { MessageKind } from './mail-intake-table.ts';
import { filesOf, nameOfFile, ticketSubjectOf, wordsOfMail } from './mail-words.ts';
import { watchersOf } from './watcher-queries.ts';
import { queueNamed } from './placing-queries.ts';
import { bounceLines, recordText } from './record-text.ts';

/** A mail that was read, and whose files are safe. */
export interface ReadyMail {
  readonly mail: InboundMail;
  readonly content: MailContent;
  readonly prepared: readonly PreparedFile[];
}

export type TicketPlacing = Extract<Placing, { kind: 'reply' | 'open' | 'record' }>;

export interface PlacedOn {
  readonly ticketId: TicketId;
  readonly clientId: ClientId;
}

type Reading = MailContent['reading'];

interface Deps {
  readonly db: ScopedDb;
  readonly store: MailIntakeStore;
  readonly files: StoreFiles;
  readonly contacts: SaveContact;
  readonly open: OpenTicket;
  readonly comments: CommentOnTicket;
}

/** Puts a mail onto a ticket: as its sender's words, or as a note of what a program sent. */
export class ApplyPlacing {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Writes the files of a mail for a client, before the transaction that places it. */
  async prepareFiles(
    scope: TenantScope,
    content: MailContent,
    to: { clientId: ClientId; isPublic: boolean },
  ): Promise<PreparedFile[]> {
    const { files } = filesOf(content);
    if (files.length === 0) return [];
    return this.#deps.files.prepare(
      scope,
      { clientId: to.clientId, visibility: to.isPublic ? 'public' : 'internal' },
      files.map((file, place) => ({ name: nameOfFile(file, place), open: file.open })),
    );
  }

  /** Joins the caller's transaction. */
  async run(tx: AnyTransaction, ready: ReadyMail, placing: TicketPlacing): Promise<PlacedOn> {
    const placed =
      placing.kind === 'record' ? await this.#record(tx, ready, placing) : await this.#say(tx, ready, placing);
    await this.#note(tx, ready, placing, placed);
    return { ticketId: placed.ticketId, clientId: placing.clientId };
  }

  async #say(
    tx: AnyTransaction,
    ready: ReadyMail,
    placing: Extract<TicketPlacing, { kind: 'reply' | 'open' }>,
  ): Promise<{ ticketId: TicketId; commentId: TicketCommentId | null }> {
    const { content, mail } = ready;
    const contact = await this.#contact(tx, placing.sender, content);
    const actor: Actor = { kind: 'contact', id: contact.id, label: contact.name };
    const inName = this.#deps.db.inNameOf(tx, actor);
    await this.#deps.files.keep(inName, ready.prepared);
    const words = wordsOfMail(content, fileIdsOf(ready));
    const fileIds = ready.prepared.map(({ fileId }) => fileId);
    if (placing.kind === 'reply') {
      const { commentId } = await this.#deps.comments.reply(
        inName.scope,
        { ticketId: placing.ticketId, ...words, fileIds },
        inName,
      );
      return { ticketId: placing.ticketId, commentId };
    }
    const queueId = await queueNamed(tx, mail.mailbox.defaultQueue);
    return this.#deps.open.run(
      inName.scope,
      {
        clientId: placing.clientId,
        type: 'incident',
        subject: ticketSubjectOf(content.reading.subject),
        impact: 2,
        urgency: 2,
        ...words,
        fileIds,
        contactId: contact.id,
        ...(contact.siteId === null ? {} : { siteId: contact.siteId }),
        ...(queueId === null ? {} : { queueId }),
      },
      inName,
      'mail',
    );
  }

  /** What a program sent is a note: it answers nothing, reopens nothing, and the client does not read it. */
  async #record(
    tx: AnyTransaction,
    ready: ReadyMail,
    placing: Extract<TicketPlacing, { kind: 'record' }>,
  ): Promise<{ ticketId: TicketId; commentId: TicketCommentId }> {
    const { content, mail, prepared } = ready;
    await this.#deps.files.keep(tx, prepared);
    if (placing.what === 'bounce') await this.#markBounced(tx, placing.clientId, content.reading, mail.receivedAt);
    const { commentId } = await this.#deps.comments.note(
      tx.scope,
      {
        ticketId: placing.ticketId,
        body: recordText(content, placing.what),
        ...(content.foldedText === null ? {} : { foldedText: content.foldedText }),
        fileIds: prepared.map(({ fileId }) => fileId),
        visibility: 'internal',
      },
      tx,
    );
    return { ticketId: placing.ticketId, commentId };
  }

  async #markBounced(tx: AnyTransaction, clientId: ClientId, reading: Reading, at: Temporal.Instant): Promise<void> {
    const { bounce } = reading;
    if (bounce === null) return;
    if (bounce.originalMessageId !== null)
      await this.#deps.store.markReturned(tx, bounce.originalMessageId, bounceLines(bounce).join(' '));
    for (const { finalRecipient, action, status, diagnostic } of bounce.recipients.slice(0, 50)) {
      const isFinal = action === 'failed' && (status ?? '5').startsWith('5');
      if (isFinal && finalRecipient !== null && isAddress(finalRecipient))
        await this.#deps.store.markUndeliverable(tx, {
          clientId,
          address: finalRecipient.toLowerCase(),
          status,
          diagnostic,
          at,
        });
    }
  }

  async #note(
    tx: AnyTransaction,
    { mail, content }: ReadyMail,
    placing: TicketPlacing,
    placed: { ticketId: TicketId; commentId: TicketCommentId | null },
  ): Promise<void> {
    const { store } = this.#deps;
    const { reading } = content;
    const { clientId } = placing;
    const { ticketId, commentId } = placed;
    const address = reading.from?.address.toLowerCase() ?? '';
    const warnings = [...reading.warnings, ...filesOf(content).warnings];
    if (placing.kind !== 'record') {
      const to = { clientId, ticketId, content, mailbox: mail.mailbox.address, at: mail.receivedAt };
      const [{ watchers, warning }] = await Promise.all([
        watchersOf(tx, to),
        store.clearUndeliverable(tx, clientId, address),
      ]);
      await store.addWatchers(tx, watchers);
      if (warning !== null) warnings.push(warning);
    }
    const message = {
      client_id: clientId,
      ticket_id: ticketId,
      comment_id: commentId,
      direction: 'in' as const,
      kind: kindOf(placing, reading.isAutoReply),
      inbound_id: mail.id,
      outbox_id: null,
      mailbox_id: mail.mailbox.id,
      message_id: reading.messageId,
      address,
      name: reading.from?.name ?? null,
      subject: reading.subject ?? '',
      why: [...placing.why, ...reading.why],
      warnings,
      at: mail.receivedAt,
    };
    tx.beforeCommit(async () => void (await store.insertMessage(tx, message)));
  }

  async #contact(tx: AnyTransaction, sender: PlacedSender, { reading }: MailContent) {
    const { from } = reading;
    const email = from?.address.toLowerCase() ?? '';
    const contacts = tx.typed<TenancyTables>().query.selectFrom('contact').select(['id', 'name', 'site_id']);
    const known = await (
      'contactId' in sender
        ? contacts.where('id', '=', sender.contactId)
        : contacts.where('client_id', '=', sender.newContactOf).where('email', '=', email)
    ).executeTakeFirst();
    if (known !== undefined) return { id: known.id, name: known.name, siteId: known.site_id };
    if ('contactId' in sender) throw new NotFoundError('tenancy.contact-not-found', 'There is no such contact.');
    const clientId = sender.newContactOf;
    const name = nameOfSender(from);
    const contact = { clientId, name, email, phone: '', siteId: null, portalRole: 'none', isVip: false } as const;
    const { contactId } = await this.#deps.contacts.create(tx.scope, contact, tx);
    return { id: contactId, name, siteId: null };
  }
}

function nameOfSender(from: { address: string; name: string | null } | null): string {
  const name = (from?.name ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 120).toWellFormed();
  return name === '' ? (from?.address ?? '').slice(0, 120) : name;
}

function kindOf(placing: TicketPlacing, isAutomatic: boolean): MessageKind {
  if (placing.kind !== 'record') return isAutomatic ? 'automatic' : 'message';
  return placing.what === 'watcher' ? 'message' : placing.what;
}

/** The stored file of each content id. */
function fileIdsOf({ content, prepared }: ReadyMail): (contentId: string) => string | null {
  const { files } = filesOf(content);
  const byContentId = new Map(
    files.flatMap((file, place) => {
      const fileId = prepared[place]?.fileId;
      return file.contentId === null || fileId === undefined ? [] : [[file.contentId, fileId] as const];
    }),
  );
  return (contentId) => byContentId.get(contentId) ?? null;
}
