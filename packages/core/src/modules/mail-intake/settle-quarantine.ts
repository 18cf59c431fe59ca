import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, type ClientId, type Id } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import {
  inboundMailIdSchema,
  type InboundMail,
  type InboundMailId,
  type InboundQueries,
  type SettleInbound,
} from '#modules/mail-inbox';
import type { ContactId, TenancyTables } from '#modules/tenancy';
import { ticketLabel, type OpenTicket, type TicketForWork, type TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { readMailContent, type MailContent } from '#platform/mail-reader/mail-content';
import type { ApplyPlacing, ReadyMail, TicketPlacing } from './apply-placing.ts';
import type { PlacedSender } from './decide-placing.ts';
import type { MailIntakeStore } from './mail-intake-store.ts';
import type { MailIntakeTables } from './mail-intake-table.ts';
import { ticketSubjectOf } from './mail-words.ts';

export const placeOnTicketInput = z.object({
  mailId: inboundMailIdSchema,
  ticketId: idSchema('ticket'),
  /** In whose name it is put there. Left out, it is in the name of the contact with the sender's address; without one it becomes a note for staff. */
  contactId: idSchema('contact').optional(),
  /** True makes a contact of the sender where there is none. */
  addContact: z.boolean().default(false),
});
export const openFromMailInput = z.object({
  mailId: inboundMailIdSchema,
  clientId: clientIdSchema,
  /** Left out, the contact with the sender's address; without one the sender becomes a contact of the client. */
  contactId: idSchema('contact').optional(),
});
export const discardMailInput = z.object({ mailId: inboundMailIdSchema, reason: text({ max: 500 }) });

interface Deps {
  readonly db: ScopedDb;
  readonly inbound: InboundQueries;
  readonly settle: SettleInbound;
  readonly apply: ApplyPlacing;
  readonly store: MailIntakeStore;
  readonly tickets: TicketForWork;
  readonly open: OpenTicket;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** What people decide about mails that wait. */
export class SettleQuarantine {
  readonly #db: ScopedDb<MailIntakeTables & TenancyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MailIntakeTables & TenancyTables>();
    this.#deps = deps;
  }

  /**
   * Puts a mail onto a ticket. A mail whose sender may be somebody else becomes a note, never anybody's words. Throws `mail-inbox.mail-not-found`, `mail-inbox.mail-not-quarantined`,
   * `tickets.ticket-not-found`, `tickets.reference-not-found`.
   */
  async placeOnTicket(scope: TenantScope, input: z.output<typeof placeOnTicketInput>): Promise<{ ticketId: TicketId }> {
    const { mail, content } = await this.#read(scope, input.mailId);
    const ticket = await this.#db.transaction(scope, (tx) => this.#deps.tickets.read(tx, input.ticketId));
    const clientId = ticket.client_id;
    const isSpoofed = await this.#isSpoofed(scope, mail.id);
    const sender = isSpoofed ? null : await this.#sender(scope, clientId, content, input.contactId, input.addContact);
    const why = [`${scope.actor.label} placed it.`];
    const placing: TicketPlacing =
      sender === null
        ? { kind: 'record', what: 'watcher', ticketId: ticket.id, clientId, why }
        : { kind: 'reply', ticketId: ticket.id, clientId, sender, why };
    const prepared = await this.#deps.apply.prepareFiles(scope, content, { clientId, isPublic: sender !== null });
    await this.#db.transaction(scope, async (tx) => {
      await this.#deps.settle.settle(tx, mail.id, { kind: 'placed', clientId, reason: why.join(' ') });
      await this.#deps.apply.run(tx, { mail, content, prepared }, placing);
      await this.#decided(
        tx,
        { mail, content, prepared },
        { state: 'placed', client_id: clientId, ticket_id: ticket.id, note: null },
      );
      await this.#record(tx, clientId, mail.id, `Placed a mail on ${ticketLabel(ticket.number)}`);
    });
    return { ticketId: ticket.id };
  }

  /** Makes a ticket of a mail. Throws `mail-inbox.mail-not-found`, `mail-inbox.mail-not-quarantined`, `tenancy.client-not-found`, `tickets.reference-not-found`. */
  async openTicket(
    scope: TenantScope,
    input: z.output<typeof openFromMailInput>,
  ): Promise<{ ticketId: TicketId; number: number }> {
    const { mail, content } = await this.#read(scope, input.mailId);
    const { clientId } = input;
    const isSpoofed = await this.#isSpoofed(scope, mail.id);
    const sender = isSpoofed ? null : await this.#sender(scope, clientId, content, input.contactId, true);
    const why = [`${scope.actor.label} made a ticket of it.`];
    const prepared = await this.#deps.apply.prepareFiles(scope, content, { clientId, isPublic: sender !== null });
    return this.#db.transaction(scope, async (tx) => {
      await this.#deps.settle.settle(tx, mail.id, { kind: 'placed', clientId, reason: why.join(' ') });
      const placing: TicketPlacing =
        sender === null
          ? {
              kind: 'record',
              what: 'watcher',
              ticketId: await this.#openForStaff(tx, clientId, content),
              clientId,
              why,
            }
          : { kind: 'open', clientId, sender, why };
      const { ticketId } = await this.#deps.apply.run(tx, { mail, content, prepared }, placing);
      const { number } = await this.#deps.tickets.read(tx, ticketId);
      await this.#decided(
        tx,
        { mail, content, prepared },
        { state: 'placed', client_id: clientId, ticket_id: ticketId, note: null },
      );
      await this.#record(tx, clientId, mail.id, `Made ${ticketLabel(number)} of a mail`);
      return { ticketId, number };
    });
  }

  /** Lays a mail aside; it is kept, and can be taken back. Throws `mail-inbox.mail-not-found`, `mail-inbox.mail-not-quarantined`. */
  async discard(scope: TenantScope, input: z.output<typeof discardMailInput>): Promise<{ mailId: InboundMailId }> {
    const { mail, content } = await this.#read(scope, input.mailId);
    await this.#db.transaction(scope, async (tx) => {
      await this.#deps.settle.settle(tx, mail.id, {
        kind: 'ignored',
        reason: `${scope.actor.label} discarded it: ${input.reason}`,
      });
      await this.#decided(tx, { mail, content, prepared: [] }, { state: 'discarded', note: input.reason });
      await this.#record(tx, null, mail.id, `Discarded a mail: ${input.reason}`);
    });
    return { mailId: mail.id };
  }

  /** Lets a discarded mail wait again. Throws `mail-inbox.mail-not-found`, `mail-inbox.mail-not-ignored`, `mail-intake.never-waited`. */
  async restore(scope: TenantScope, mailId: InboundMailId): Promise<{ mailId: InboundMailId }> {
    await this.#db.transaction(scope, async (tx) => {
      const detail = await tx.query
        .selectFrom('mail_quarantine')
        .select(['why', 'client_id', 'state'])
        .where('inbound_id', '=', mailId)
        .executeTakeFirst();
      await this.#deps.settle.takeBack(tx, mailId, detail?.why.join(' ') ?? 'Taken back.');
      if (detail === undefined || detail.state !== 'discarded')
        throw new ConflictError(
          'mail-intake.never-waited',
          'Nobody decided about this mail, so there is nothing to take back.',
        );
      await this.#deps.store.decide(tx, mailId, { state: 'waiting', note: null, decided_by: null, decided_at: null });
      await this.#record(tx, detail.client_id, mailId, 'Took a discarded mail back');
    });
    return { mailId };
  }

  async #read(scope: TenantScope, mailId: InboundMailId): Promise<{ mail: InboundMail; content: MailContent }> {
    const mail = await this.#deps.inbound.get(scope, mailId);
    return { mail, content: readMailContent(mail.raw, mail.receivedAt) };
  }

  async #isSpoofed(scope: TenantScope, mailId: InboundMailId): Promise<boolean> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('mail_quarantine').select('reason').where('inbound_id', '=', mailId),
    );
    return row?.reason === 'spoofed' || row?.reason === 'own-address';
  }

  /** In whose name the words are; null where they are nobody's whom we know. */
  async #sender(
    scope: TenantScope,
    clientId: ClientId,
    { reading }: MailContent,
    contactId: Id<'contact'> | undefined,
    mayAdd: boolean,
  ): Promise<PlacedSender | null> {
    const address = reading.from?.address.toLowerCase();
    const found = await this.#db.readFirst(scope, (query) => {
      const contacts = query.selectFrom('contact').select('id').where('client_id', '=', clientId);
      return contactId === undefined
        ? contacts.where('email', '=', address ?? '')
        : contacts.where('id', '=', contactId);
    });
    if (found !== undefined) return { contactId: found.id satisfies ContactId };
    if (contactId !== undefined)
      throw new NotFoundError('tickets.reference-not-found', 'contactId is not a contact of this client.', {
        fields: [{ path: ['contactId'], message: 'is not a contact of this client' }],
      });
    if (!mayAdd) return null;
    if (address === undefined)
      throw new InvalidInputError('mail-intake.no-sender', 'The mail names no sender, so choose a contact.', {
        fields: [{ path: ['contactId'], message: 'must be chosen' }],
      });
    return { newContactOf: clientId };
  }

  async #openForStaff(tx: AnyTransaction, clientId: ClientId, { reading }: MailContent): Promise<TicketId> {
    const subject = ticketSubjectOf(reading.subject);
    const { ticketId } = await this.#deps.open.run(
      tx.scope,
      { clientId, type: 'incident', subject, impact: 2, urgency: 2 },
      tx,
      'mail',
    );
    return ticketId;
  }

  async #decided(
    tx: AnyTransaction,
    { mail, content }: ReadyMail,
    decision: { state: 'placed' | 'discarded'; note: string | null; client_id?: ClientId; ticket_id?: TicketId },
  ): Promise<void> {
    const { store, live, clock } = this.#deps;
    const { reading } = content;
    // What the transport laid aside by itself has no row yet.
    await store.quarantine(tx, {
      client_id: null,
      inbound_id: mail.id,
      mailbox_id: mail.mailbox.id,
      reason: 'not-readable',
      address: reading.from?.address.toLowerCase() ?? null,
      name: reading.from?.name ?? null,
      subject: reading.subject ?? '',
      preview: '',
      why: [...reading.why],
      candidate_client_ids: [],
      claimed_ticket_id: null,
      received_at: mail.receivedAt,
    });
    await store.decide(tx, mail.id, { ...decision, decided_by: tx.scope.actor.label, decided_at: clock.now() });
    live.touch(tx, { clientId: decision.client_id ?? null, topic: 'inbound-mail', id: mail.id, version: 2 });
  }

  async #record(tx: AnyTransaction, clientId: ClientId | null, mailId: InboundMailId, summary: string): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'mail-intake.place-mail',
      subject: { kind: 'mail-inbound', id: mailId, clientId },
      summary,
    });
  }
}
