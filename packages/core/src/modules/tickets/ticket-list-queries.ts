import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, pageInput, type Keyset } from '#kernel/page';
import { scopedQuery, type ScopedQuery } from '#platform/db/scoped-query';
import {
  CONSTANTS,
  conditionsOf,
  namesIn,
  narrowingOf,
  ticketFilterInput,
  type FilterMoment,
  type Narrowing,
  type ValueOf,
} from './ticket-filter-queries.ts';
import { TICKET_COLUMNS, type TicketRow } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';

/** `updated` and `opened`: newest first. `priority`: P1 first, the oldest of each first. `breach`: what is due first, and last what is not due. */
export const TICKET_SORTS = ['updated', 'opened', 'priority', 'breach'] as const;
export type TicketSort = (typeof TICKET_SORTS)[number];

export const listTicketsInput = z.object({
  ...pageInput,
  ...ticketFilterInput,
  sort: z.enum(TICKET_SORTS).default('updated'),
});
export type ListTicketsInput = z.output<typeof listTicketsInput>;

/** What a list is narrowed by, and where its page begins and ends; undefined is not narrowed. */
interface Parameters extends Narrowing {
  readonly after: true | undefined;
  readonly after0: unknown;
  readonly after1: unknown;
  readonly after2: unknown;
  readonly limit: number;
}

type Values = { [Name in keyof Parameters]-?: NonNullable<Parameters[Name]> };
export type TicketListQuery = ScopedQuery<TicketTables, Values, TicketRow>;

const known = new Map<string, TicketListQuery>();
/** More shapes than people use: whoever asks for each combination in turn fills no memory. */
const MAX_KNOWN = 400;

/**
 * The list as a prepared query with its values. Each combination of filters is one statement, compiled when it first comes and kept: there are some
 * dozens that people use, and a list is what they wait for most.
 */
export function ticketListQuery(
  input: Omit<ListTicketsInput, 'search'>,
  moment: FilterMoment,
): { query: TicketListQuery; values: Values } {
  const sort = sortOf(input);
  const parameters = parametersOf(input, sort, moment);
  const used = namesIn(parameters);
  const constants = Object.fromEntries(CONSTANTS.map((name) => [name, parameters[name]]));
  const shape = `${sort}:${used.join()}:${Object.values(constants).join()}`;
  let query = known.get(shape);
  if (query === undefined) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(shape, (query = build(sort, used, constants)));
  }
  return { query, values: parameters as Values };
}

/** Everything, done or not, has one order that an index serves. */
function sortOf({ tab, sort }: Pick<ListTicketsInput, 'tab' | 'sort'>): TicketSort {
  return tab === 'all' ? 'opened' : sort;
}

function parametersOf(input: Omit<ListTicketsInput, 'search'>, sort: TicketSort, moment: FilterMoment): Parameters {
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor, sort === 'priority' ? 3 : 2);
  return {
    ...narrowingOf(input, moment),
    after: after === null ? undefined : true,
    after0: after?.[0],
    after1: after?.[1],
    after2: after?.[2],
    limit: input.limit + 1,
  };
}

function build(
  sort: TicketSort,
  used: readonly (keyof Parameters)[],
  constants: Readonly<Record<string, unknown>>,
): TicketListQuery {
  return scopedQuery<TicketTables, Values>()<TicketRow>((query, p) => {
    const valueOf = ((name) => constants[name] ?? p(name)) as ValueOf;
    let list = query
      .selectFrom('ticket')
      .select(TICKET_COLUMNS)
      .where((ticket) => conditionsOf(used, ticket, valueOf));
    const isAfter = used.includes('after');
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
  const sort = sortOf(input);
  if (sort === 'priority') return [row.priority, row.opened_at.toString(), row.id];
  if (sort === 'breach') return [row.breach_order.toString(), row.id];
  return [(sort === 'opened' ? row.opened_at : row.updated_at).toString(), row.id];
}
