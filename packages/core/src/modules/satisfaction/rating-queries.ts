import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { instantSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { SatisfactionTables } from './satisfaction-table.ts';
import { isOver, satisfactionOf } from './score.ts';
import { scoreSchema } from './rate-by-link.ts';

export const listRatingsInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  /** No better than this: 2 for what needs a look. */
  maxScore: scoreSchema.optional(),
  /** Answered from one instant up to another. */
  from: instantSchema.optional(),
  to: instantSchema.optional(),
});
export const ticketRatingsInput = z.object({ ticketId: idSchema('ticket') });
export const portalRatingInput = z.object({ ticketId: idSchema('ticket') });
export const summaryInput = z.object({ clientId: clientIdSchema.optional(), from: instantSchema, to: instantSchema });
export const ratingView = z.object({
  id: idSchema('satisfaction-rating'),
  ticketId: idSchema('ticket'),
  clientId: clientIdSchema,
  number: z.int(),
  subject: z.string(),
  contactName: z.string(),
  /** Null where the contact has not answered. */
  score: z.int().nullable(),
  comment: z.string(),
  askedAt: z.iso.datetime(),
  ratedAt: z.iso.datetime().nullable(),
});
/** What a contact was asked about a ticket, and said so far. */
export const portalRatingView = ratingView
  .pick({ id: true, score: true, comment: true })
  .extend({ isChangeable: z.boolean() });
export const summaryView = z.object({
  asked: z.int(),
  answered: z.int(),
  satisfied: z.int(),
  /** Of those who answered; null where nobody did. */
  satisfiedPercent: z.int().nullable(),
  /** How many said 1, 2, 3, 4 and 5. */
  byScore: z.array(z.int()),
});
type RatingView = z.input<typeof ratingView>;

/** Reads ratings. */
export class RatingQueries {
  readonly #db: ScopedDb<SatisfactionTables & TicketTables>;

  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#clock = deps.clock;
    this.#db = deps.db.typed<SatisfactionTables & TicketTables>();
  }

  /** Those that were answered, the newest first. */
  async list(scope: TenantScope, input: z.output<typeof listRatingsInput>): Promise<Page<RatingView>> {
    const cursor = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      const list = this.#rows(query)
        .where('rating.rated_at', 'is not', null)
        .where(input.clientId === undefined ? sql<boolean>`true` : sql<boolean>`rating.client_id = ${input.clientId}`)
        .where(input.from === undefined ? sql<boolean>`true` : sql<boolean>`rating.rated_at >= ${input.from}`)
        .where(input.to === undefined ? sql<boolean>`true` : sql<boolean>`rating.rated_at < ${input.to}`)
        .where(input.maxScore === undefined ? sql<boolean>`true` : sql<boolean>`rating.score <= ${input.maxScore}`)
        .orderBy('rating.rated_at', 'desc')
        .orderBy('rating.id', 'desc')
        .limit(input.limit + 1);
      return cursor === null
        ? list
        : list.where(sql<boolean>`(rating.rated_at, rating.id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`);
    });
    return toPage(rows, input.limit, toView, (row) => [row.rated_at?.toString() ?? '', row.id]);
  }

  /** What was asked on a ticket, the newest first. */
  async ofTicket(scope: TenantScope, ticketId: TicketId): Promise<RatingView[]> {
    const rows = await this.#db.read(scope, (query) =>
      this.#rows(query).where('rating.ticket_id', '=', ticketId).orderBy('rating.asked_at', 'desc').limit(20),
    );
    return rows.map(toView);
  }

  /** What the contact of this scope was last asked about a ticket; null where nothing. */
  async ofContact(scope: TenantScope, ticketId: TicketId): Promise<z.input<typeof portalRatingView> | null> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('satisfaction_rating')
        .select(['id', 'score', 'comment', 'rated_at'])
        .where('ticket_id', '=', ticketId)
        .where('contact_id', '=', scope.actor.id as never)
        .orderBy('asked_at', 'desc')
        .limit(1),
    );
    if (row === undefined) return null;
    const { id, score, comment, rated_at: ratedAt } = row;
    return { id, score, comment, isChangeable: !isOver(ratedAt, this.#clock.now()) };
  }

  /** Of what was asked from one instant up to another, how much was answered and how. */
  async summary(scope: TenantScope, input: z.output<typeof summaryInput>): Promise<z.input<typeof summaryView>> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('satisfaction_rating')
        .select(['score', sql<number>`count(*)`.as('count')])
        .where('asked_at', '>=', input.from)
        .where('asked_at', '<', input.to)
        .where(input.clientId === undefined ? sql<boolean>`true` : sql<boolean>`client_id = ${input.clientId}`)
        .groupBy('score'),
    );
    const countOf = (score: number | null): number => rows.find((row) => row.score === score)?.count ?? 0;
    const byScore = [1, 2, 3, 4, 5].map(countOf);
    const asked = byScore.reduce((sum, count) => sum + count, countOf(null));
    return { ...satisfactionOf(asked, byScore), byScore };
  }

  #rows(query: Parameters<Parameters<ScopedDb<SatisfactionTables & TicketTables>['read']>[1]>[0]) {
    return query
      .selectFrom('satisfaction_rating as rating')
      .innerJoin('ticket', (join) =>
        join.onRef('ticket.id', '=', 'rating.ticket_id').onRef('ticket.client_id', '=', 'rating.client_id'),
      )
      .select([
        'rating.id',
        'rating.ticket_id',
        'rating.client_id',
        'ticket.number',
        'ticket.subject',
        'rating.contact_label',
        'rating.score',
        'rating.comment',
        'rating.asked_at',
        'rating.rated_at',
      ]);
  }
}

function toView(row: {
  id: RatingView['id'];
  ticket_id: RatingView['ticketId'];
  client_id: ClientId;
  number: number;
  subject: string;
  contact_label: string;
  score: number | null;
  comment: string;
  asked_at: Temporal.Instant;
  rated_at: Temporal.Instant | null;
}): RatingView {
  return {
    id: row.id,
    ticketId: row.ticket_id,
    clientId: row.client_id,
    number: row.number,
    subject: row.subject,
    contactName: row.contact_label,
    score: row.score,
    comment: row.comment,
    askedAt: row.asked_at.toString(),
    ratedAt: row.rated_at?.toString() ?? null,
  };
}
