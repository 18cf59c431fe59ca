import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { TICKET_STATUSES } from './ticket.ts';
import type { TicketQueries } from './ticket-queries.ts';
import type { TicketId, TicketTables } from './ticket-table.ts';

export const similarInput = z.object({ ticketId: idSchema('ticket') });
export const similarToSubjectInput = z.object({ subject: text({ max: 200 }) });
export const similarView = z.object({
  items: z.array(
    z.object({
      id: idSchema('ticket'),
      number: z.int(),
      subject: z.string(),
      status: z.enum(TICKET_STATUSES),
      clientId: clientIdSchema,
      updatedAt: z.iso.datetime(),
      /** The last public words of staff, shortened: what was done. Null where nothing was said. */
      lastWords: z.string().nullable(),
    }),
  ),
});

/** The id of no ticket: for a subject that is not a ticket yet. */
const NONE = '00000000-0000-0000-0000-000000000000' as TicketId;
const MAX_ALIKE = 5;
const MAX_WORDS = 5;
/** Words that many subjects have and that say nothing of the matter. */
const EMPTY = new Set(
  'the and for not with from this that are was has have can cannot does please help need new error problem issue after when still again der die das und ist nicht les des une los las para con'.split(
    ' ',
  ),
);

/** Tickets that were about the same: to see what was done, or that one is a duplicate. */
export class SimilarTickets {
  readonly #db: ScopedDb<TicketTables>;
  readonly #tickets: TicketQueries;

  constructor(deps: { db: ScopedDb; tickets: TicketQueries }) {
    this.#db = deps.db.typed<TicketTables>();
    this.#tickets = deps.tickets;
  }

  /** Those like a ticket, the likest first, at most five. Throws `tickets.ticket-not-found`. */
  async of(scope: TenantScope, ticketId: TicketId): Promise<z.input<typeof similarView>['items']> {
    const { subject } = await this.#tickets.row(scope, ticketId);
    return this.#like(scope, subject, ticketId);
  }

  /** Those like what somebody is about to write. */
  async ofSubject(scope: TenantScope, subject: string): Promise<z.input<typeof similarView>['items']> {
    return this.#like(scope, subject, NONE);
  }

  async #like(scope: TenantScope, subject: string, besides: TicketId): Promise<z.input<typeof similarView>['items']> {
    const words = similarityQuery(subject);
    if (words === null) return [];
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket')
        .innerJoin(
          sql<{
            alike_id: TicketId;
            likeness: number;
          }>`ticket_alike(${words}, ${subject}, ${besides}::uuid, ${MAX_ALIKE})`.as<'alike'>(
            sql`alike(alike_id, likeness)`,
          ),
          'alike.alike_id',
          'ticket.id',
        )
        .leftJoinLateral(
          (inner) =>
            inner
              .selectFrom('ticket_comment as said')
              .select(sql<string>`left(regexp_replace(left(said.body, 400), '\\s+', ' ', 'g'), 160)`.as('words'))
              .whereRef('said.ticket_id', '=', 'ticket.id')
              .whereRef('said.client_id', '=', 'ticket.client_id')
              .where('said.author_kind', '=', 'staff')
              .where('said.visibility', '=', 'public')
              .orderBy('said.created_at', 'desc')
              .limit(1)
              .as('last'),
          (join) => join.onTrue(),
        )
        .select([
          'ticket.id',
          'ticket.number',
          'ticket.subject',
          'ticket.status',
          'ticket.client_id',
          'ticket.updated_at',
          'last.words',
        ])
        .orderBy('alike.likeness', 'desc')
        .orderBy('ticket.id', 'desc'),
    );
    return rows.map((row) => ({
      id: row.id,
      number: row.number,
      subject: row.subject,
      status: row.status,
      clientId: row.client_id,
      updatedAt: row.updated_at.toString(),
      lastWords: row.words,
    }));
  }
}

/**
 * Pairs of a subject's words in PostgreSQL's tsquery form: the longest words, since those say most, each with each. One word stands alone where there is no other; null where
 * there is none.
 */
export function similarityQuery(subject: string): string | null {
  const words = [...new Set(subject.toLowerCase().match(/[\p{L}\p{N}]{3,40}/gu) ?? [])]
    .filter((word) => !EMPTY.has(word))
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .slice(0, MAX_WORDS)
    .map((word) => `'${word}'${word.length >= 5 ? ':*' : ''}`);
  if (words.length < 2) return words[0] ?? null;
  return words.flatMap((word, index) => words.slice(index + 1).map((other) => `(${word} & ${other})`)).join(' | ');
}
