import { sql } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { FactsQueries } from './facts-queries.ts';
import type { PastLine, PastWords, TicketPast } from './ticket-past.ts';

/** How much of each comment a dry run looks at: a month of an MSP's words must fit. */
const MAX_BODY = 4000;

/** Reads what a dry run goes through: tickets with what happened to them. */
export class PastQueries {
  readonly #db: ScopedDb<TicketTables>;
  readonly #facts: FactsQueries;

  constructor(deps: { db: ScopedDb; facts: FactsQueries }) {
    this.#db = deps.db.typed<TicketTables>();
    this.#facts = deps.facts;
  }

  /** How many tickets were touched since a moment, or are open. */
  async count(scope: TenantScope, since: Temporal.Instant): Promise<number> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('ticket')
        .select(sql<number>`count(*)`.as('count'))
        .where((where) => where.or([where('is_open', '=', true), where('updated_at', '>=', since)])),
    );
    return row?.count ?? 0;
  }

  /** The next of them by id. `needsWords` says whether comments count. */
  async next(
    scope: TenantScope,
    {
      since,
      after,
      limit,
      needsWords,
    }: { since: Temporal.Instant; after: TicketId | null; limit: number; needsWords: boolean },
  ): Promise<TicketPast[]> {
    const rows = await this.#db.read(scope, (query) => {
      const touched = query
        .selectFrom('ticket')
        .select(['id', 'client_id'])
        .where((where) => where.or([where('is_open', '=', true), where('updated_at', '>=', since)]));
      return (after === null ? touched : touched.where('id', '>', after)).orderBy('id').limit(limit);
    });
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const clientIds = [...new Set(rows.map(({ client_id }) => client_id))];
    const [facts, lines, words] = await Promise.all([
      this.#facts.of(scope, ids),
      this.#lines(scope, ids, clientIds),
      needsWords ? this.#words(scope, ids, clientIds) : [],
    ]);
    const linesOf = Map.groupBy<TicketId, PastLine & { ticket_id: TicketId }>(lines, (line) => line.ticket_id);
    const wordsOf = Map.groupBy<TicketId, PastWords & { ticket_id: TicketId }>(words, (one) => one.ticket_id);
    return facts
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((now) => ({ now, lines: linesOf.get(now.id) ?? [], words: wordsOf.get(now.id) ?? [] }));
  }
  async #lines(
    scope: TenantScope,
    ids: readonly TicketId[],
    clientIds: readonly ClientId[],
  ): Promise<(PastLine & { ticket_id: TicketId })[]> {
    return this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket_event')
        .select([
          'ticket_id',
          'ticket_version as version',
          'kind',
          'at',
          'actor_kind as by',
          'from_value as from',
          'to_value as to',
        ])
        .where('client_id', 'in', clientIds)
        .where('ticket_id', 'in', ids)
        .orderBy('at')
        .orderBy('id'),
    );
  }

  async #words(
    scope: TenantScope,
    ids: readonly TicketId[],
    clientIds: readonly ClientId[],
  ): Promise<(PastWords & { ticket_id: TicketId })[]> {
    return this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket_comment')
        .select([
          'ticket_id',
          'created_at as at',
          sql<boolean>`visibility = 'public'`.as('isPublic'),
          sql<string>`left(body, ${MAX_BODY})`.as('body'),
        ])
        .where('client_id', 'in', clientIds)
        .where('ticket_id', 'in', ids)
        .orderBy('created_at')
        .orderBy('id'),
    );
  }
}
