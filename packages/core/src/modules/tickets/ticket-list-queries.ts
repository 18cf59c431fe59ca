import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import { decodeCursor, pageInput, type Keyset } from '#kernel/page';
import { instantSchema, text } from '#kernel/text';
import { scopedQuery, type ScopedQuery } from '#platform/db/scoped-query';
import { TICKET_SOURCES, TICKET_STATUSES, TICKET_TYPES } from './ticket.ts';
import { TICKET_COLUMNS, type TicketRow } from './ticket-store.ts';
import type { StaffId, TicketId, TicketQueueId, TicketTables } from './ticket-table.ts';

/** The queue view's tabs. All but `closed` and `all` show what is open. */
export const TICKET_TABS = ['open', 'mine', 'unassigned', 'waiting', 'closed', 'all'] as const;

/** `updated` and `opened`: newest first. `priority`: P1 first, the oldest of each first. `breach`: what is due first, and last what is not due. */
export const TICKET_SORTS = ['updated', 'opened', 'priority', 'breach'] as const;
export type TicketSort = (typeof TICKET_SORTS)[number];

export const ticketFilterInput = {
  tab: z.enum(TICKET_TABS).default('open'),
  statuses: z.array(z.enum(TICKET_STATUSES)).max(6).optional(),
  priorities: z.array(z.coerce.number().int().min(1).max(4)).max(4).optional(),
  types: z.array(z.enum(TICKET_TYPES)).max(4).optional(),
  sources: z.array(z.enum(TICKET_SOURCES)).max(5).optional(),
  clientId: clientIdSchema.optional(),
  assigneeId: idSchema('staff').optional(),
  queueId: idSchema('ticket-queue').optional(),
  contactId: idSchema('contact').optional(),
  assetId: idSchema('asset').optional(),
  /** Only where a promise is due, or was broken, until this moment. */
  dueBy: instantSchema.optional(),
  /** Words that begin so in subject or comments, or a number such as `#1042`. */
  search: text({ max: 100 }).optional(),
};
export const listTicketsInput = z.object({
  ...pageInput,
  ...ticketFilterInput,
  sort: z.enum(TICKET_SORTS).default('updated'),
});
export type ListTicketsInput = z.output<typeof listTicketsInput>;

/** What a list is narrowed by, all in one shape; undefined is not narrowed. */
interface Parameters {
  readonly isOpen: boolean | undefined;
  readonly statuses: readonly string[] | undefined;
  readonly priorities: readonly number[] | undefined;
  readonly types: readonly string[] | undefined;
  readonly sources: readonly string[] | undefined;
  readonly clientId: ClientId | undefined;
  readonly assigneeId: StaffId | undefined;
  readonly unassigned: true | undefined;
  readonly queueId: TicketQueueId | undefined;
  readonly contactId: string | undefined;
  readonly assetId: string | undefined;
  readonly dueBy: Temporal.Instant | undefined;
  readonly ids: readonly TicketId[] | undefined;
  readonly after: true | undefined;
  readonly after0: unknown;
  readonly after1: unknown;
  readonly after2: unknown;
  readonly limit: number;
}

type Values = { [Name in keyof Parameters]-?: NonNullable<Parameters[Name]> };
export type TicketListQuery = ScopedQuery<TicketTables, Values, TicketRow>;

const known = new Map<string, TicketListQuery>();

/**
 * The list as a prepared query with its values. Each combination of filters is one statement, compiled when it first comes and kept: there are some
 * dozens that people use, and a list is what they wait for most.
 */
export function ticketListQuery(
  input: Omit<ListTicketsInput, 'search'>,
  found: { ids?: readonly TicketId[]; me: StaffId | null },
): { query: TicketListQuery; values: Values } {
  const sort: TicketSort = input.tab === 'all' ? 'opened' : input.sort;
  const parameters = parametersOf(input, sort, found);
  const used = Object.keys(parameters).filter(
    (name) => parameters[name as keyof Parameters] !== undefined,
  ) as (keyof Parameters)[];
  const shape = `${sort}:${used.join()}`;
  let query = known.get(shape);
  if (query === undefined) known.set(shape, (query = build(sort, new Set(used))));
  return { query, values: parameters as Values };
}

function parametersOf(
  input: Omit<ListTicketsInput, 'search'>,
  sort: TicketSort,
  found: { ids?: readonly TicketId[]; me: StaffId | null },
): Parameters {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, sort === 'priority' ? 3 : 2);
  const waiting = input.tab === 'waiting' ? ['waiting-client', 'waiting-vendor'] : undefined;
  return {
    isOpen: input.tab === 'all' ? undefined : input.tab !== 'closed',
    statuses: input.statuses ?? waiting,
    priorities: input.priorities,
    types: input.types,
    sources: input.sources,
    clientId: input.clientId,
    // Nobody is nobody's assignee: whoever is not staff has no tickets of their own.
    assigneeId: input.tab === 'mine' ? (found.me ?? NOBODY) : input.assigneeId,
    unassigned: input.tab === 'unassigned' ? true : undefined,
    queueId: input.queueId,
    contactId: input.contactId,
    assetId: input.assetId,
    dueBy: input.dueBy,
    ids: found.ids,
    after: after === null ? undefined : true,
    after0: after?.[0],
    after1: after?.[1],
    after2: after?.[2],
    limit: input.limit + 1,
  };
}

const NOBODY = '00000000-0000-0000-0000-000000000000' as StaffId;

function build(sort: TicketSort, used: ReadonlySet<keyof Parameters>): TicketListQuery {
  return scopedQuery<TicketTables, Values>()<TicketRow>((query, p) => {
    let list = query.selectFrom('ticket').select(TICKET_COLUMNS);
    if (used.has('isOpen')) list = list.where('is_open', '=', p('isOpen'));
    if (used.has('statuses')) list = list.where('status', '=', sql<never>`any(${p('statuses')}::text[])`);
    if (used.has('priorities')) list = list.where('priority', '=', sql<never>`any(${p('priorities')}::smallint[])`);
    if (used.has('types')) list = list.where('type', '=', sql<never>`any(${p('types')}::text[])`);
    if (used.has('sources')) list = list.where('source', '=', sql<never>`any(${p('sources')}::text[])`);
    if (used.has('clientId')) list = list.where('client_id', '=', p('clientId'));
    if (used.has('assigneeId')) list = list.where('assignee_id', '=', p('assigneeId'));
    if (used.has('unassigned')) list = list.where('assignee_id', 'is', null);
    if (used.has('queueId')) list = list.where('queue_id', '=', p('queueId'));
    if (used.has('contactId')) list = list.where('contact_id', '=', p('contactId') as never);
    if (used.has('assetId')) list = list.where('asset_id', '=', p('assetId') as never);
    if (used.has('dueBy')) list = list.where('breach_order', '<=', p('dueBy'));
    if (used.has('ids')) list = list.where('id', '=', sql<never>`any(${p('ids')}::uuid[])`);
    const isAfter = used.has('after');
    if (sort === 'priority') {
      if (isAfter)
        list = list.where(
          sql<boolean>`(priority, opened_at, id) > (${p('after0')}::smallint, ${p('after1')}::timestamptz, ${p('after2')}::uuid)`,
        );
      return list
        .orderBy('priority')
        .orderBy('opened_at')
        .orderBy('id')
        .limit(sql<number>`${p('limit')}`);
    }
    if (sort === 'breach') {
      if (isAfter)
        list = list.where(sql<boolean>`(breach_order, id) > (${p('after0')}::timestamptz, ${p('after1')}::uuid)`);
      return list
        .orderBy('breach_order')
        .orderBy('id')
        .limit(sql<number>`${p('limit')}`);
    }
    const column = sort === 'opened' ? 'opened_at' : 'updated_at';
    if (isAfter)
      list = list.where(sql<boolean>`(${sql.ref(column)}, id) < (${p('after0')}::timestamptz, ${p('after1')}::uuid)`);
    return list
      .orderBy(column, 'desc')
      .orderBy('id', 'desc')
      .limit(sql<number>`${p('limit')}`);
  });
}

/** The sort key of a row in the list that `input` asked for. */
export function keysetOf(input: Pick<ListTicketsInput, 'tab' | 'sort'>, row: TicketRow): Keyset {
  const sort: TicketSort = input.tab === 'all' ? 'opened' : input.sort;
  if (sort === 'priority') return [row.priority, row.opened_at.toString(), row.id];
  if (sort === 'breach') return [row.breach_order.toString(), row.id];
  return [(sort === 'opened' ? row.opened_at : row.updated_at).toString(), row.id];
}
