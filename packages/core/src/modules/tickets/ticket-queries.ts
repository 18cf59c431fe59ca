import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, type ClientId } from '#kernel/id';
import { toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { scopedQuery } from '#platform/db/scoped-query';
import type { FieldValues } from '#modules/desk-fields';
import type { ScopedDb } from '#platform/db/scoped-db';
import { numberIn, searchWords } from './ticket.ts';
import { readConversation, readHistory, readLinks } from './ticket-conversation.ts';
import { asksForMe } from './ticket-filter-queries.ts';
import { keysetOf, ticketListQuery, type ListTicketsInput } from './ticket-list-queries.ts';
import { namesOf, type PeopleTables } from './ticket-name-queries.ts';
import { TICKET_COLUMNS, ticketNotFound, type TicketRow } from './ticket-store.ts';
import type { TicketId, TicketTables } from './ticket-table.ts';
import { toTicketView, type TicketDetailView, type TicketView } from './ticket-view.ts';
import type { StaffIdentity } from './staff-identity.ts';

export const getTicketInput = z.object({ ticketId: idSchema('ticket') });
export const getTicketByNumberInput = z.object({ number: z.coerce.number().int().min(1).max(2_147_483_647) });
export const assigneesView = z.object({
  items: z.array(z.object({ id: idSchema('staff'), name: z.string() })),
  /** Which of them the caller is; null for a key or a job. */
  meId: idSchema('staff').nullable(),
});

/** A search gives the newest matches, no more than this: whoever has more than these must say more words. */
const MAX_MATCHES = 250;

/** One ticket by its id. */
export const ticketById = scopedQuery<TicketTables, { id: TicketId }>()<TicketRow>((query, p) =>
  query.selectFrom('ticket').select(TICKET_COLUMNS).where('id', '=', p('id')),
);

const ticketByNumber = scopedQuery<TicketTables, { number: number }>()<TicketRow>((query, p) =>
  query.selectFrom('ticket').select(TICKET_COLUMNS).where('number', '=', p('number')),
);

interface SearchValues {
  readonly words: readonly string[];
  readonly maxRows: number;
  readonly clients: readonly ClientId[] | null;
}
/** By the words of subjects, comments and custom fields, the newest matches. */
const searchBy = (name: 'ticket_search' | 'ticket_search_open') =>
  scopedQuery<TicketTables, SearchValues>()<{ id: TicketId }>((query, p) =>
    query
      .selectFrom(
        sql<{
          id: TicketId;
        }>`${sql.raw(name)}(${p('words')}::text[], ${p('maxRows')}::integer, ${p('clients')}::uuid[])`.as<'found'>(
          sql`found(id)`,
        ),
      )
      .select('found.id'),
  );
const searchAll = searchBy('ticket_search');
/** Most searches are for what is open, which is little beside all that was ever closed. */
const searchOpen = searchBy('ticket_search_open');

/** Reads tickets. */
export class TicketQueries {
  readonly #db: ScopedDb<TicketTables>;
  readonly #staff: StaffIdentity;
  readonly #fields: FieldValues;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; staff: StaffIdentity; fields: FieldValues; clock: Clock }) {
    this.#db = deps.db.typed<TicketTables>();
    this.#staff = deps.staff;
    this.#fields = deps.fields;
    this.#clock = deps.clock;
  }

  /** A page of tickets over all clients in reach. */
  async list(scope: TenantScope, input: ListTicketsInput): Promise<Page<TicketView>> {
    const page = await this.rows(scope, input);
    const names = await namesOf(this.#db as ScopedDb, scope, page.items);
    return { items: page.items.map((row) => toTicketView(row, names)), nextCursor: page.nextCursor };
  }

  /** The same page as rows, without names: what the portal and exports build on. */
  async rows(scope: TenantScope, input: ListTicketsInput): Promise<Page<TicketRow>> {
    const ids = input.search === undefined ? undefined : await this.#matches(scope, input.search, input);
    if (ids?.length === 0) return { items: [], nextCursor: null };
    const me = asksForMe(input) ? await this.#staff.of(scope) : null;
    const moment = { me, now: this.#clock.now(), ...(ids === undefined ? {} : { ids }) };
    const { query, values } = ticketListQuery(input, moment);
    const rows = await this.#db.run(scope, query, values);
    return toPage(
      rows,
      input.limit,
      (row) => row,
      (row) => keysetOf(input, row),
    );
  }

  /** Who can be given a ticket, by name. */
  async assignees(scope: TenantScope): Promise<z.input<typeof assigneesView>> {
    const people = this.#db as unknown as ScopedDb<PeopleTables>;
    const [items, meId] = await Promise.all([
      people.read(scope, (query) =>
        query
          .selectFrom('identity_staff')
          .select(['id', 'name'])
          .where('removed_at', 'is', null)
          .orderBy('name')
          .limit(500),
      ),
      this.#staff.of(scope),
    ]);
    return { items, meId };
  }

  /** One ticket as the list has it, without its conversation. Throws `tickets.ticket-not-found`, also for another tenant's. */
  async row(scope: TenantScope, ticketId: TicketId): Promise<TicketRow> {
    const [row] = await this.#db.run(scope, ticketById, { id: ticketId });
    if (row === undefined) throw ticketNotFound();
    return row;
  }

  /** One ticket as the list shows it, with names. Throws `tickets.ticket-not-found`, also for another tenant's. */
  async named(scope: TenantScope, ticketId: TicketId): Promise<TicketView> {
    const row = await this.row(scope, ticketId);
    return toTicketView(row, await namesOf(this.#db as ScopedDb, scope, [row]));
  }

  /** One ticket with its conversation, history and links. Throws `tickets.ticket-not-found`, also for another tenant's. */
  async get(scope: TenantScope, ticketId: TicketId): Promise<TicketDetailView> {
    // On one connection, one after the other without waiting: with one each, eight readers would wait for connections.
    return this.#db.inOneTransaction(scope, async (bound) => this.#detail(bound, await this.row(bound, ticketId)));
  }

  async #detail(scope: TenantScope, row: TicketRow): Promise<TicketDetailView> {
    const [names, comments, history, links, values, survivor] = await Promise.all([
      namesOf(this.#db as ScopedDb, scope, [row]),
      readConversation(this.#db, scope, row),
      readHistory(this.#db, scope, row),
      readLinks(this.#db, scope, row),
      this.#fields.ofTickets(scope, [row.id]),
      this.#survivorOf(scope, row),
    ]);
    return {
      ...toTicketView(row, names),
      agreementId: row.agreement_id,
      agreementReason: row.agreement_reason,
      touchedByPerson: row.touched_by_person,
      comments,
      history,
      links,
      priorityReason: row.priority_reason,
      isPrioritySet: row.is_priority_set,
      values: values.get(row.id) ?? [],
      mergedIntoNumber: survivor?.number ?? null,
    };
  }

  /** The ticket of a number, as people say it. Throws `tickets.ticket-not-found`. */
  async getByNumber(scope: TenantScope, number: number): Promise<TicketDetailView> {
    return this.#db.inOneTransaction(scope, async (bound) => {
      const [row] = await this.#db.run(bound, ticketByNumber, { number });
      if (row === undefined) throw ticketNotFound();
      return this.#detail(bound, row);
    });
  }

  async #survivorOf(scope: TenantScope, { merged_into_id: id }: TicketRow): Promise<{ number: number } | undefined> {
    if (id === null) return undefined;
    return this.#db.readFirst(scope, (query) => query.selectFrom('ticket').select('number').where('id', '=', id));
  }

  /** What the words of a search are in: the newest of them, of the clients and the tab that the list is kept to. */
  async #matches(scope: TenantScope, search: string, { tab, clientId }: ListTicketsInput): Promise<TicketId[]> {
    const number = numberIn(search);
    const words = searchWords(search);
    const byNumber =
      number === null
        ? []
        : await this.#db.read(scope, (query) => query.selectFrom('ticket').select('id').where('number', '=', number));
    if (words.length === 0 || byNumber.length > 0) return byNumber.map((row) => row.id);
    const isOpen = tab !== 'all' && tab !== 'closed';
    const rows = await this.#db.run(scope, isOpen ? searchOpen : searchAll, {
      words,
      maxRows: MAX_MATCHES,
      clients: clientId === undefined ? null : [clientId],
    });
    return rows.map((row) => row.id);
  }
}
