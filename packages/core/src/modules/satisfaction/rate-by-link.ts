import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ContactQueries, MspQueries } from '#modules/tenancy';
import type { TicketQueries } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import { mailWordsFor, type MailWords } from '#platform/mail-language/mail-language';
import type { RatingId, SatisfactionTables } from './satisfaction-table.ts';
import { isOver } from './score.ts';

/** The id of a question, as a link leads to it. */
export const ratingIdSchema = idSchema('satisfaction-rating');
export const scoreSchema = z.coerce
  .number({ error: 'must be 1 to 5' })
  .int({ error: 'must be 1 to 5' })
  .min(1, { error: 'must be 1 to 5' })
  .max(5, { error: 'must be 1 to 5' });
/** What somebody says; a comment that is left out stays as it was. */
const ratingInput = z.object({ score: scoreSchema, comment: text({ min: 0, max: 2000 }).optional() });

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketQueries;
  readonly contacts: ContactQueries;
  readonly msps: MspQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** What the page behind a link shows and takes, with the link’s scope: one client of one MSP. Contacts in the portal answer by it too, who see their own questions alone. */
export class RateByLink {
  readonly #db: ScopedDb<SatisfactionTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SatisfactionTables>();
    this.#deps = deps;
  }

  /** How whoever was asked is spoken to: in their language, else in the MSP’s. */
  async words(scope: TenantScope, ratingId: RatingId): Promise<MailWords> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('satisfaction_rating').select('contact_id').where('id', '=', ratingId),
    );
    const contactId = row?.contact_id ?? null;
    const contact = contactId === null ? null : await this.#deps.contacts.find(scope, contactId);
    return mailWordsFor(contact?.language, (await this.#deps.msps.get(scope)).locale);
  }

  /** What is rated, and what was said so far. Throws `satisfaction.rating-not-found`. */
  async look(
    scope: TenantScope,
    ratingId: RatingId,
  ): Promise<{
    mspName: string;
    number: number;
    subject: string;
    score: number | null;
    comment: string;
    isOver: boolean;
  }> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('satisfaction_rating')
        .select(['ticket_id', 'score', 'comment', 'rated_at'])
        .where('id', '=', ratingId),
    );
    if (row === undefined) throw notFound();
    const [ticket, msp] = await Promise.all([this.#deps.tickets.row(scope, row.ticket_id), this.#deps.msps.get(scope)]);
    return {
      mspName: msp.name,
      number: ticket.number,
      subject: ticket.subject,
      score: row.score,
      comment: row.comment,
      isOver: isOver(row.rated_at, this.#deps.clock.now()),
    };
  }

  /** Says it, or says it anew within a week of the first time. What is given comes from outside and is checked here. Throws `satisfaction.not-a-rating`, `satisfaction.rating-not-found`, `satisfaction.too-late`. */
  async rate(scope: TenantScope, ratingId: RatingId, given: { score: unknown; comment?: unknown }): Promise<void> {
    const parsed = ratingInput.safeParse(given);
    if (!parsed.success)
      throw new InvalidInputError(
        'satisfaction.not-a-rating',
        'Choose one of the five faces, and write at most 2000 letters.',
        {
          fields: parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message })),
        },
      );
    const input = parsed.data;
    await this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('satisfaction_rating')
        .selectAll()
        .where('id', '=', ratingId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw notFound();
      if (isOver(before.rated_at, this.#deps.clock.now()))
        throw new ConflictError('satisfaction.too-late', 'This was answered more than a week ago and stays as it is.');
      const comment = input.comment ?? before.comment;
      if (before.score === input.score && before.comment === comment) return;
      await tx.query
        .updateTable('satisfaction_rating')
        .set({
          score: input.score,
          comment,
          rated_at: before.rated_at ?? this.#deps.clock.now(),
          version: before.version + 1,
        })
        .where('id', '=', ratingId)
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'satisfaction.rate',
        subject: { kind: 'ticket', id: before.ticket_id, clientId: before.client_id },
        summary: `${before.contact_label} rated how the ticket was resolved: ${input.score} of 5`,
        before: { score: before.score },
        after: { score: input.score },
        isClientVisible: true,
      });
      this.#deps.live.touch(tx, {
        clientId: before.client_id,
        topic: 'satisfaction',
        id: before.ticket_id,
        version: before.version + 1,
      });
    });
  }
}

function notFound(): NotFoundError {
  return new NotFoundError('satisfaction.rating-not-found', 'There is no such question.');
}
