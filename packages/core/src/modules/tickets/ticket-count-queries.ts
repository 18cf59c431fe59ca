import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { StaffIdentity } from './staff-identity.ts';
import {
  asksForMe,
  conditionsOf,
  namesIn,
  narrowingOf,
  type TicketFilter,
  type ValueOf,
} from './ticket-filter-queries.ts';
import type { PeopleTables } from './ticket-name-queries.ts';
import type { TicketTables } from './ticket-table.ts';

export const ticketCountsInput = z.object({ clientId: clientIdSchema.optional() });
export const ticketCountsView = z.object({
  open: z.int(),
  mine: z.int(),
  unassigned: z.int(),
  waiting: z.int(),
  repliesWaiting: z.int(),
});
type TabCounts = z.input<typeof ticketCountsView>;

/** By what a list can be divided. */
export const ticketGroupings = ['client', 'assignee', 'priority', 'status', 'queue', 'sla'] as const;
/** One of the ways in which a list can be divided: by whose or what its tickets are, or by where their next promise stands. */
export type TicketGrouping = (typeof ticketGroupings)[number];
export const ticketGroupView = z.object({
  /** What its tickets have: an id, a status, a priority, a state of deadlines; null where they have none. */
  key: z.string().nullable(),
  /** The name of a client, a person or a queue; null for what has a word of its own, or nobody's name. */
  name: z.string().nullable(),
  count: z.int(),
});

/** Counting stops here; a reader is told "999+". Whoever has more has no use for the number, and the database none for counting on. */
export const COUNT_CAP = 1000;
/** More groups than anybody scrolls through. */
const MAX_GROUPS = 300;

/** Counts tickets. */
export class TicketCounts {
  readonly #db: ScopedDb<TicketTables>;
  readonly #staff: StaffIdentity;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; staff: StaffIdentity; clock: Clock }) {
    this.#db = deps.db.typed<TicketTables>();
    this.#staff = deps.staff;
    this.#clock = deps.clock;
  }

  /** How many tickets each filter has, in one query and in their order; exact up to 999, and 1000 where there are more. */
  async each(scope: TenantScope, filters: readonly TicketFilter[]): Promise<number[]> {
    if (filters.length === 0) return [];
    const me = filters.some(asksForMe) ? await this.#staff.of(scope) : null;
    const now = this.#clock.now();
    const [row] = await this.#db.read(scope, (query) =>
      query.selectNoFrom(
        filters.map((filter, index) => {
          const narrowing = narrowingOf(filter, { me, now });
          const some = query
            .selectFrom('ticket')
            .select(sql<number>`1`.as('one'))
            .where((ticket) => conditionsOf(namesIn(narrowing), ticket, valuesOf(narrowing)))
            .limit(COUNT_CAP);
          return query
            .selectFrom(some.as('some'))
            .select(sql<number>`count(*)`.as('count'))
            .as(`n${index}`);
        }),
      ),
    );
    const counts = row as Record<string, number | null> | undefined;
    return filters.map((_, index) => counts?.[`n${index}`] ?? 0);
  }

  /** How many tickets each tab holds, over all clients in reach or of one; counted to 1000. */
  async ofTabs(scope: TenantScope, clientId?: ClientId): Promise<TabCounts> {
    const tabs = (['open', 'mine', 'unassigned', 'waiting'] as const).map((tab) => ({ tab, clientId }));
    const [open = 0, mine = 0, unassigned = 0, waiting = 0, repliesWaiting = 0] = await this.each(scope, [
      ...tabs,
      { tab: 'mine', isReplyAwaited: true, clientId },
    ]);
    return { open, mine, unassigned, waiting, repliesWaiting };
  }

  /** How the tickets of a filter divide, the largest groups first. */
  async groups(
    scope: TenantScope,
    filter: TicketFilter,
    by: TicketGrouping,
  ): Promise<z.input<typeof ticketGroupView>[]> {
    const me = asksForMe(filter) ? await this.#staff.of(scope) : null;
    const now = this.#clock.now();
    const narrowing = narrowingOf(filter, { me, now });
    const key = groupKey(by, now);
    const groups = await this.#db.read(scope, (query) =>
      query
        .selectFrom('ticket')
        .select([key.as('key'), sql<number>`count(*)`.as('count')])
        .where((ticket) => conditionsOf(namesIn(narrowing), ticket, valuesOf(narrowing)))
        .groupBy(sql`1`)
        .orderBy(sql`2`, 'desc')
        .orderBy(sql`1`)
        .limit(MAX_GROUPS),
    );
    const table = NAMED[by];
    const keys = groups.flatMap((group) => (group.key === null ? [] : [group.key]));
    if (table === undefined || keys.length === 0) return groups.map((group) => ({ ...group, name: null }));
    const named = await this.#db.typed<PeopleTables & TicketTables>().read(scope, (query) =>
      query
        .selectFrom(table)
        .select(['id', 'name'])
        .where('id', '=', sql<never>`any(${keys}::uuid[])`),
    );
    const names = new Map<string, string>(named.map(({ id, name }) => [id, name]));
    return groups.map((group) => ({ ...group, name: names.get(group.key ?? '') ?? null }));
  }
}

/** What groups are named after. */
const NAMED: Partial<Readonly<Record<TicketGrouping, 'client' | 'identity_staff' | 'ticket_queue'>>> = {
  client: 'client',
  assignee: 'identity_staff',
  queue: 'ticket_queue',
};

function valuesOf(narrowing: object): ValueOf {
  return ((name: string) => (narrowing as Record<string, unknown>)[name]) as ValueOf;
}

function groupKey(by: TicketGrouping, now: Temporal.Instant) {
  switch (by) {
    case 'client':
      return sql<string | null>`client_id::text`;
    case 'assignee':
      return sql<string | null>`assignee_id::text`;
    case 'priority':
      return sql<string | null>`priority::text`;
    case 'status':
      return sql<string | null>`status`;
    case 'queue':
      return sql<string | null>`queue_id::text`;
    case 'sla':
      return sql<
        string | null
      >`case when next_breach_at is null then 'none' when next_breach_at <= ${now} then 'overdue'
        when next_breach_at <= ${now.add({ hours: 24 })} then 'day' else 'later' end`;
  }
}
