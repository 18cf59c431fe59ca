import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ContactQueries, MspQueries } from '#modules/tenancy';
import type { TicketId, TicketQueries } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Mailer } from '#platform/mail/mailer';
import { ratingMail } from './rating-mail.ts';
import type { SatisfactionTables } from './satisfaction-table.ts';
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
      const { ticket, contact } = about;
      const { directory, mailer, audit, msps, publicUrl } = this.#deps;
      const now = this.#deps.clock.now();
      const id = newId<'satisfaction-rating'>();
      const made = await tx.query
        .insertInto('satisfaction_rating')
        .values({
          msp_id: scope.mspId,
          id,
          client_id: ticket.client_id,
          ticket_id: ticket.id,
          resolved_at: about.resolvedAt,
          contact_id: about.contactId,
          contact_label: contact.name,
          assignee_id: ticket.assignee_id,
          asked_at: now,
          score: null,
          rated_at: null,
        })
        .onConflict((conflict) => conflict.columns(['msp_id', 'ticket_id', 'resolved_at']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined) return;
      const secret = randomBytes(32).toString('base64url');
      await directory.addRoute(tx, {
        kind: 'rating',
        secret,
        clientId: ticket.client_id,
        subjectId: id,
        expiresAt: now.add({ hours: LINK_DAYS * 24 }),
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
      await audit.record(tx, {
        action: 'satisfaction.ask',
        subject: { kind: 'ticket', id: ticket.id, clientId: ticket.client_id },
        summary: `Asked ${contact.name} how T-${ticket.number} was resolved`,
        isClientVisible: true,
      });
    });
  }

  /** Whom to ask about what; null where nobody is asked. */
  async #aboutToAsk(tx: ScopedTransaction<SatisfactionTables>, ticketId: TicketId) {
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
