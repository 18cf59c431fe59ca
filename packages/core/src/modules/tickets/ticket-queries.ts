import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import { toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { scopedQuery } from '#platform/db/scoped-query';
import type { FieldValues } from '#modules/desk-fields';
import type { ScopedDb } from '#platform/db/scoped-db';
import { numberIn, searchWords } from './ticket.ts';
import { readConversation, readHistory, readLinks } from './ticket-conversation.ts';
import { keysetOf, ticketListQuery, type ListTicketsInput } from './ticket-list-queries.ts';
import { namesOf, type PeopleTables } from './ticket-name-queries.ts';
import { TICKET_COLUMNS, ticketNotFound, type TicketRow } from './ticket-store.ts';
import type { TicketId, TicketTables } from './ticket-table.ts';
import { toTicketView, type TicketDetailView, type TicketView } from './ticket-view.ts';
import type { StaffIdentity } from './staff-identity.ts';

export const getTicketInput = z.object({ ticketId: idSchema('ticket') });
export const getTicketByNumberInput = z.object({ number: z.coerce.number().int().min(1).max(2_147_483_647) });
export const ticketCountsInput = z.object({ clientId: clientIdSchema.optional() });
export const assigneesView = z.object({
  items: z.array(z.object({ id: idSchema('staff'), name: z.string() })),
  /** Which of them the caller is; null for a key or a job. */
  meId: idSchema('staff').nullable(),
});
export const ticketCountsView = z.object({
  open: z.int(),
  mine: z.int(),
  unassigned: z.int(),
  waiting: z.int(),
  repliesWaiting: z.int(),
});
export type TicketCounts = z.input<typeof ticketCountsView>;

/** A search gives the newest matches, no more than this: whoever has more than these must say more words. */
const MAX_MATCHES = 1000;

/** One ticket by its id. */
export const ticketById = scopedQuery<TicketTables, { id: TicketId }>()<TicketRow>((query, p) =>
  query.selectFrom('ticket').select(TICKET_COLUMNS).where('id', '=', p('id')),
);

/** Reads tickets. */
export class TicketQueries {
  readonly #db: ScopedDb<TicketTables>;
  readonly #staff: StaffIdentity;
  readonly #fields: FieldValues;

  constructor(deps: { db: ScopedDb; staff: StaffIdentity; fields: FieldValues }) {
    this.#db = deps.db.typed<TicketTables>();
    this.#staff = deps.staff;
    this.#fields = deps.fields;
  }

  /** A page of tickets over all clients in reach. */
  async list(scope: TenantScope, input: ListTicketsInput): Promise<Page<TicketView>> {
    const page = await this.rows(scope, input);
    const names = await namesOf(this.#db as ScopedDb, scope, page.items);
    return { items: page.items.map((row) => toTicketView(row, names)), nextCursor: page.nextCursor };
  }

  /** The same page as rows, without names: what the portal and exports build on. */
  async rows(scope: TenantScope, input: ListTicketsInput): Promise<Page<TicketRow>> {
    const ids = input.search === undefined ? undefined : await this.#matches(scope, input.search);
    if (ids?.length === 0) return { items: [], nextCursor: null };
    const me = input.tab === 'mine' ? await this.#staff.of(scope) : null;
    const { query, values } = ticketListQuery(input, ids === undefined ? { me } : { me, ids });
    const rows = await this.#db.run(scope, query, values);
    return toPage(
      rows,
      input.limit,
      (row) => row,
      (row) => keysetOf(input, row),
    );
  }

  /** How many tickets each tab holds, over all clients in reach or of one. */
  async counts(scope: TenantScope, clientId?: ClientId): Promise<TicketCounts> {
    const me = await this.#staff.of(scope);
    const row = await this.#db.readFirst(scope, (query) => {
      const counts = query
        .selectFrom('ticket')
        .select([
          sql<number>`count(*)`.as('open'),
          sql<number>`count(*) filter (where assignee_id = ${me}::uuid)`.as('mine'),
          sql<number>`count(*) filter (where assignee_id is null)`.as('unassigned'),
          sql<number>`count(*) filter (where status in ('waiting-client', 'waiting-vendor'))`.as('waiting'),
          sql<number>`count(*) filter (where is_reply_awaited and assignee_id = ${me}::uuid)`.as('repliesWaiting'),
        ])
        .where('is_open', '=', true);
      return clientId === undefined ? counts : counts.where('client_id', '=', clientId);
    });
    return row ?? { open: 0, mine: 0, unassigned: 0, waiting: 0, repliesWaiting: 0 };
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
    const row = await this.row(scope, ticketId);
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
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('ticket').select('id').where('number', '=', number),
    );
    if (row === undefined) throw ticketNotFound();
    return this.get(scope, row.id);
  }

  async #survivorOf(scope: TenantScope, { merged_into_id: id }: TicketRow): Promise<{ number: number } | undefined> {
    if (id === null) return undefined;
    return this.#db.readFirst(scope, (query) => query.selectFrom('ticket').select('number').where('id', '=', id));
  }

  async #matches(scope: TenantScope, search: string): Promise<TicketId[]> {
    const number = numberIn(search);
    const words = searchWords(search);
    const byNumber =
      number === null
        ? []
        : await this.#db.read(scope, (query) => query.selectFrom('ticket').select('id').where('number', '=', number));
    if (words === null || byNumber.length > 0) return byNumber.map((row) => row.id);
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom(sql<{ id: TicketId }>`ticket_find(${words}, ${MAX_MATCHES})`.as<'found'>(sql`found(id)`))
        .select('found.id')
        // And by the words in custom fields.
        .union(
          query
            .selectFrom(sql<{ id: TicketId }>`desk_field_find(${words}, ${MAX_MATCHES})`.as<'known'>(sql`known(id)`))
            .select('known.id'),
        ),
    );
    return rows.map((row) => row.id);
  }
}
