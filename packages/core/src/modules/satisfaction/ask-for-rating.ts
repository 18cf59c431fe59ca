import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ContactId, ContactQueries, ContactView, MspQueries } from '#modules/tenancy';
import type { TicketId, TicketQueries, TicketRow } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Mailer } from '#platform/mail/mailer';
import { ratingMail } from './rating-mail.ts';
import type { RatingId, SatisfactionTables } from './satisfaction-table.ts';
import { LINK_DAYS } from './score.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketQueries;
  readonly contacts: ContactQueries;
  readonly msps: MspQueries;
  readonly directory: Directory;
  readonly mailer: Mailer;
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

/** Asks a contact how a ticket was resolved. */
export class AskForRating {
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
  async afterChange(scope: TenantScope, ticketId: TicketId): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const about = await this.#aboutToAsk(tx, ticketId);
      if (about === null) return;
      const askedAt = this.#deps.clock.now();
      const ratingId = await this.#keepQuestion(tx, about, askedAt);
      if (ratingId === null) return;
      await this.#mailQuestion(tx, about, ratingId, askedAt);
      const { ticket, contact } = about;
      await this.#deps.audit.record(tx, {
        action: 'satisfaction.ask',
        subject: { kind: 'ticket', id: ticket.id, clientId: ticket.client_id },
        summary: `Asked ${contact.name} how T-${ticket.number} was resolved`,
        isClientVisible: true,
      });
    });
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

  /** Opens the way to rate by a link, and mails that link. */
  async #mailQuestion(tx: Tx, about: Question, ratingId: RatingId, askedAt: Temporal.Instant): Promise<void> {
    const { ticket, contact } = about;
    const { directory, mailer, msps, publicUrl } = this.#deps;
    const secret = randomBytes(32).toString('base64url');
    await directory.addRoute(tx, {
      kind: 'rating',
      secret,
      clientId: ticket.client_id,
      subjectId: ratingId,
      expiresAt: askedAt.add({ hours: LINK_DAYS * 24 }),
    });
    const msp = await msps.get(tx.scope);
    await mailer.send(
      tx,
      ratingMail({
        clientId: ticket.client_id,
        to: { address: contact.email, name: contact.name },
        mspName: msp.name,
        number: ticket.number,
        subject: ticket.subject,
        link: `${publicUrl}/rate/${secret}`,
      }),
    );
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
