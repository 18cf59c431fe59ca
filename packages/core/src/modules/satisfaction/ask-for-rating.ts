import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { MailboxQueries } from '#modules/mail-inbox';
import type { MailLinks, MailQuestion } from '#modules/mail-intake';
import type { ContactId, ContactQueries, ContactView, MspQueries } from '#modules/tenancy';
import { ticketLabel, type TicketId, type TicketQueries, type TicketRow } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Mailer } from '#platform/mail/mailer';
import { mailWordsFor } from '#platform/mail-language/mail-language';
import { ratingMail, ratingQuestion } from './rating-mail.ts';
import type { RatingId, SatisfactionTables } from './satisfaction-table.ts';
import { LINK_DAYS } from './score.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketQueries;
  readonly contacts: ContactQueries;
  readonly msps: MspQueries;
  readonly directory: Directory;
  readonly mailer: Mailer;
  readonly mailboxes: MailboxQueries;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly publicUrl: string;
}

type Tx = ScopedTransaction<SatisfactionTables>;

/** Who is asked, and about which resolution. */
interface Question {
  readonly ticket: TicketRow;
  readonly contact: ContactView;
  readonly contactId: ContactId;
  readonly resolvedAt: Temporal.Instant;
}

/** Asks a contact how a ticket was resolved: in the mail that says so, or in one of its own. */
export class AskForRating implements MailLinks {
  readonly #db: ScopedDb<SatisfactionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SatisfactionTables>();
    this.#deps = deps;
  }

  /**
   * Mails the question where a ticket is resolved, the MSP asks at all, and the contact was not asked a short while ago. Once for each resolution, however often it is
   * called; a ticket that is reopened and resolved again is asked for again.
   */
  async afterChange(scope: TenantScope, ticketId: TicketId, within?: AnyTransaction): Promise<void> {
    await this.#db.transaction(
      scope,
      async (tx) => {
        const asked = await this.#ask(tx, ticketId);
        if (asked === null) return;
        const { ticket, contact, link, msp, say } = asked;
        await this.#deps.mailer.send(
          tx,
          ratingMail({
            clientId: ticket.client_id,
            to: { address: contact.email, name: contact.name },
            mspName: msp.name,
            label: ticketLabel(ticket.number),
            subject: ticket.subject,
            link,
            say,
          }),
        );
      },
      within,
    );
  }

  /** The same where the ticket's own mails do not ask, for there is no mailbox that they come from. */
  async afterUnmailedChange(scope: TenantScope, ticketId: TicketId): Promise<void> {
    if (!(await this.#deps.mailboxes.hasActive(scope))) await this.afterChange(scope, ticketId);
  }

  /** As `afterChange`, but the caller's mail carries the question. */
  async ofResolved(tx: AnyTransaction, ticketId: TicketId): Promise<MailQuestion | null> {
    return this.#db.transaction(
      tx.scope,
      async (own) => {
        const asked = await this.#ask(own, ticketId);
        return asked === null ? null : ratingQuestion(asked.say, asked.link);
      },
      tx,
    );
  }

  async askApart(tx: AnyTransaction, ticketId: TicketId): Promise<void> {
    await this.afterChange(tx.scope, ticketId, tx);
  }

  async #ask(tx: Tx, ticketId: TicketId) {
    const about = await this.#aboutToAsk(tx, ticketId);
    if (about === null) return null;
    const askedAt = this.#deps.clock.now();
    const ratingId = await this.#keepQuestion(tx, about, askedAt);
    if (ratingId === null) return null;
    const { ticket, contact } = about;
    const link = await this.#openLink(tx, ticket, ratingId, askedAt);
    const msp = await this.#deps.msps.get(tx.scope);
    await this.#deps.audit.record(tx, {
      action: 'satisfaction.ask',
      subject: { kind: 'ticket', id: ticket.id, clientId: ticket.client_id },
      summary: `Asked ${contact.name} how ${ticketLabel(ticket.number)} was resolved`,
      isClientVisible: true,
    });
    return { ticket, contact, link, msp, say: mailWordsFor(contact.language, msp.locale).say };
  }

  /** The new rating, still without a score; null where this resolution was asked about before. */
  async #keepQuestion(tx: Tx, about: Question, askedAt: Temporal.Instant): Promise<RatingId | null> {
    const { ticket, contact, contactId, resolvedAt } = about;
    const made = await tx.query
      .insertInto('satisfaction_rating')
      .values({
        msp_id: tx.scope.mspId,
        id: newId<'satisfaction-rating'>(),
        client_id: ticket.client_id,
        ticket_id: ticket.id,
        resolved_at: resolvedAt,
        contact_id: contactId,
        contact_label: contact.name,
        assignee_id: ticket.assignee_id,
        asked_at: askedAt,
        score: null,
        rated_at: null,
      })
      .onConflict((conflict) => conflict.columns(['msp_id', 'ticket_id', 'resolved_at']).doNothing())
      .returning('id')
      .executeTakeFirst();
    return made?.id ?? null;
  }

  /** Opens the way to rate by a link. */
  async #openLink(tx: Tx, ticket: TicketRow, ratingId: RatingId, askedAt: Temporal.Instant): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    await this.#deps.directory.addRoute(tx, {
      kind: 'rating',
      secret,
      clientId: ticket.client_id,
      subjectId: ratingId,
      expiresAt: askedAt.add({ hours: LINK_DAYS * 24 }),
    });
    return `${this.#deps.publicUrl}/rate/${secret}`;
  }

  /** Whom to ask about what; null where nobody is asked. */
  async #aboutToAsk(tx: Tx, ticketId: TicketId): Promise<Question | null> {
    const setting = await tx.query.selectFrom('satisfaction_setting').selectAll().executeTakeFirst();
    if (setting?.is_on !== true) return null;
    const ticket = await this.#deps.tickets.row(tx.scope, ticketId);
    const { status, resolved_at: resolvedAt, contact_id: contactId } = ticket;
    if (status !== 'resolved' || resolvedAt === null || contactId === null) return null;
    const contact = await this.#deps.contacts.find(tx.scope, contactId);
    if (contact === null || !contact.isActive || contact.email === '') return null;
    const recent = await tx.query
      .selectFrom('satisfaction_rating')
      .select('id')
      .where('contact_id', '=', contactId)
      .where('asked_at', '>', this.#deps.clock.now().subtract({ hours: setting.pause_days * 24 }))
      .limit(1)
      .executeTakeFirst();
    return recent === undefined ? { ticket, contact, contactId, resolvedAt } : null;
  }
}
