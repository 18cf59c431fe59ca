import { sql, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import { fieldFilterText } from '#modules/desk-fields';
import type { ClientGroupId } from '#modules/tenancy';
import { FIELD_CONDITIONS, fieldNarrowingOf, MAX_FIELD_FILTERS, type FieldNarrowing } from './field-filter-queries.ts';
import { TICKET_SOURCES, TICKET_STATUSES, TICKET_TYPES } from './ticket.ts';
import type { StaffId, TicketId, TicketQueueId, TicketTables } from './ticket-table.ts';

/** The queue view's tabs. All but `closed` and `all` show what is open. */
export const TICKET_TABS = ['open', 'mine', 'unassigned', 'waiting', 'closed', 'all'] as const;

/** Where a ticket's next promise stands. */
export const DEADLINES = ['overdue', 'day', 'later', 'none'] as const;

/** What a stored view can be narrowed by: everything but words, and nothing that stands for one moment. */
export const ticketConditions = {
  tab: z.enum(TICKET_TABS).default('open'),
  statuses: z.array(z.enum(TICKET_STATUSES)).max(6).optional(),
  priorities: z.array(z.coerce.number().int().min(1).max(4)).max(4).optional(),
  types: z.array(z.enum(TICKET_TYPES)).max(4).optional(),
  sources: z.array(z.enum(TICKET_SOURCES)).max(5).optional(),
  clientId: clientIdSchema.optional(),
  /** Clients of this group. */
  groupId: idSchema('client-group').optional(),
  assigneeId: idSchema('staff').optional(),
  /** Whose: `me` is whoever reads, `none` is nobody's; one that is any of them. */
  assignees: z
    .array(z.union([z.enum(['me', 'none']), idSchema('staff')]))
    .max(50, { error: 'must be at most 50 people' })
    .optional(),
  queueId: idSchema('ticket-queue').optional(),
  /** Only what is in no queue. */
  isWithoutQueue: z.literal(true).optional(),
  teamId: idSchema('team').optional(),
  /** Filed there, or under any category below it. */
  categoryId: idSchema('desk-category').optional(),
  /** Comparisons of custom fields, all of which hold: `<field id>:<operator>:<value>|<value>`, values percent-encoded. */
  fields: z
    .array(fieldFilterText)
    .max(MAX_FIELD_FILTERS, { error: `must be at most ${MAX_FIELD_FILTERS} custom fields` })
    .optional(),
  contactId: idSchema('contact').optional(),
  assetId: idSchema('asset').optional(),
  /** Left out, what is open and asleep is not listed. */
  isSnoozed: z.boolean().optional(),
  /** Only where a promise is due within so many minutes from now, or was broken; 0 is what is overdue. */
  dueWithinMinutes: z.coerce.number().int().min(0).max(525_600).optional(),
  /** Where the next promise stands: broken, due within a day, due later, or nothing is due. */
  deadline: z.enum(DEADLINES).optional(),
  /** Only what was opened so many days ago, or earlier. */
  openedDaysAgo: z.coerce.number().int().min(1).max(3650).optional(),
  /** Only what nobody changed for so many days. */
  quietDays: z.coerce.number().int().min(1).max(3650).optional(),
  /** Only where the newest public word is the client's (or is not). */
  isReplyAwaited: z.boolean().optional(),
};

export const ticketFilterInput = {
  ...ticketConditions,
  /** Only where a promise is due, or was broken, until this moment. */
  dueBy: instantSchema.optional(),
  /** Words that begin so in subject or comments, or a number such as `#1042`. */
  search: text({ max: 100 }).optional(),
};
const filterSchema = z.object(ticketFilterInput);
/** What a list is narrowed by, words left out; with a tab, everything else may be absent. */
export type TicketFilter = Omit<z.output<typeof filterSchema>, 'search'>;

/** What is known only when somebody asks. */
export interface FilterMoment {
  /** Who `me` is; null where it is nobody of the staff. */
  readonly me: StaffId | null;
  readonly now: Temporal.Instant;
  /** What a search found. */
  readonly ids?: readonly TicketId[];
}

/** A filter as values to compare with, all in one shape; undefined is not narrowed. */
export interface Narrowing extends FieldNarrowing {
  readonly isOpen: boolean | undefined;
  readonly statuses: readonly string[] | undefined;
  readonly priorities: readonly number[] | undefined;
  readonly types: readonly string[] | undefined;
  readonly sources: readonly string[] | undefined;
  readonly clientId: ClientId | undefined;
  readonly groupId: ClientGroupId | undefined;
  readonly assigneeId: StaffId | undefined;
  readonly otherAssigneeId: StaffId | undefined;
  readonly assigneeIds: readonly StaffId[] | undefined;
  readonly assigneeIdsOrNone: readonly StaffId[] | undefined;
  readonly unassigned: true | undefined;
  readonly queueId: TicketQueueId | undefined;
  readonly isWithoutQueue: true | undefined;
  readonly teamId: string | undefined;
  readonly categoryId: string | undefined;
  readonly contactId: string | undefined;
  readonly assetId: string | undefined;
  readonly dueBy: Temporal.Instant | undefined;
  readonly dueAfter: Temporal.Instant | undefined;
  readonly deadlineBy: Temporal.Instant | undefined;
  readonly openedBy: Temporal.Instant | undefined;
  readonly quietSince: Temporal.Instant | undefined;
  readonly isReplyAwaited: boolean | undefined;
  readonly isSnoozed: boolean | undefined;
  readonly ids: readonly TicketId[] | undefined;
}

// Nobody is nobody's assignee: whoever is not staff has no tickets of their own.
const NOBODY = '00000000-0000-0000-0000-000000000000' as StaffId;
/** What is asleep is in nobody's way there; a search finds it all the same. */
const AWAKE: ReadonlySet<string> = new Set(['open', 'mine', 'unassigned', 'waiting']);
const HOURS_OF_DAY = 24;
/** Just before the moment that stands for never in `breach_order`. */
const NEARLY_NEVER = Temporal.Instant.from('9999-12-30T00:00:00Z');

/** Whether a filter must know who asks. */
export function asksForMe(filter: TicketFilter): boolean {
  return filter.tab === 'mine' || filter.assignees?.includes('me') === true;
}

export function narrowingOf(filter: TicketFilter, { me, now, ids }: FilterMoment): Narrowing {
  const waiting = filter.tab === 'waiting' ? ['waiting-client', 'waiting-vendor'] : undefined;
  const ago = (days: number | undefined): Temporal.Instant | undefined =>
    days === undefined ? undefined : now.subtract({ hours: days * HOURS_OF_DAY });
  const dueBy = filter.dueWithinMinutes === undefined ? filter.dueBy : now.add({ minutes: filter.dueWithinMinutes });
  return {
    isOpen: filter.tab === 'all' ? undefined : filter.tab !== 'closed',
    statuses: filter.statuses ?? waiting,
    priorities: filter.priorities,
    types: filter.types,
    sources: filter.sources,
    clientId: filter.clientId,
    groupId: filter.groupId,
    assigneeId: filter.tab === 'mine' ? (me ?? NOBODY) : filter.assigneeId,
    ...assigneesOf(filter, me ?? NOBODY),
    queueId: filter.queueId,
    teamId: filter.teamId,
    categoryId: filter.categoryId,
    ...fieldNarrowingOf(filter.fields),
    contactId: filter.contactId,
    assetId: filter.assetId,
    isWithoutQueue: filter.isWithoutQueue,
    dueBy,
    ...deadlineOf(filter.deadline, now),
    openedBy: ago(filter.openedDaysAgo),
    quietSince: ago(filter.quietDays),
    isReplyAwaited: filter.isReplyAwaited,
    isSnoozed: filter.isSnoozed ?? (ids === undefined && AWAKE.has(filter.tab) ? false : undefined),
    ids,
  };
}

function deadlineOf(
  deadline: TicketFilter['deadline'],
  now: Temporal.Instant,
): Pick<Narrowing, 'dueAfter' | 'deadlineBy'> {
  const tomorrow = now.add({ hours: HOURS_OF_DAY });
  switch (deadline) {
    case 'overdue':
      return { dueAfter: undefined, deadlineBy: now };
    case 'day':
      return { dueAfter: now, deadlineBy: tomorrow };
    case 'later':
      return { dueAfter: tomorrow, deadlineBy: NEARLY_NEVER };
    case 'none':
      return { dueAfter: NEARLY_NEVER, deadlineBy: undefined };
    default:
      return { dueAfter: undefined, deadlineBy: undefined };
  }
}

/** One person is compared by `=`: with `any` of one PostgreSQL sorts where it could read in the index's order. */
function assigneesOf(
  { tab, assignees }: TicketFilter,
  me: StaffId,
): Pick<Narrowing, 'unassigned' | 'assigneeIds' | 'assigneeIdsOrNone' | 'otherAssigneeId'> {
  const wanted = (assignees ?? []).flatMap((one): StaffId[] => (one === 'none' ? [] : [one === 'me' ? me : one]));
  const withNone = assignees?.includes('none') === true;
  const [only, another] = wanted;
  return {
    unassigned: tab === 'unassigned' || (withNone && only === undefined) ? true : undefined,
    otherAssigneeId: !withNone && another === undefined ? only : undefined,
    assigneeIds: !withNone && another !== undefined ? wanted : undefined,
    assigneeIdsOrNone: withNone && only !== undefined ? wanted : undefined,
  };
}

type Builder = ExpressionBuilder<TicketTables, 'ticket'>;
/** Gives the value to compare with: the value itself, or the slot of a prepared query. */
export type ValueOf = <Name extends keyof Narrowing>(name: Name) => NonNullable<Narrowing[Name]>;

type Condition = (ticket: Builder, value: ValueOf) => ExpressionWrapper<TicketTables, 'ticket', SqlBool>;

const anyOf =
  (
    column: 'status' | 'priority' | 'type' | 'source' | 'assignee_id' | 'id',
    name: keyof Narrowing,
    type: string,
  ): Condition =>
  (ticket, value) =>
    ticket(column, '=', sql<never>`any(${value(name)}::${sql.raw(type)}[])`);

/** Written into a query instead of being a parameter of it: by them the planner sees how few rows are open, and that the index of what is asleep serves. */
export const CONSTANTS = ['isOpen', 'isSnoozed'] as const satisfies readonly (keyof Narrowing)[];

const CONDITIONS: Readonly<Record<keyof Narrowing, Condition>> = {
  ...FIELD_CONDITIONS,
  isOpen: (ticket, value) => ticket('is_open', '=', sql.lit(value('isOpen'))),
  statuses: anyOf('status', 'statuses', 'text'),
  priorities: anyOf('priority', 'priorities', 'smallint'),
  types: anyOf('type', 'types', 'text'),
  sources: anyOf('source', 'sources', 'text'),
  clientId: (ticket, value) => ticket('client_id', '=', value('clientId')),
  groupId: (ticket, value) =>
    ticket(
      'client_id',
      'in',
      sql<never>`(select m.client_id from client_group_member m where m.msp_id = ticket.msp_id and m.group_id = ${value('groupId')})`,
    ),
  assigneeId: (ticket, value) => ticket('assignee_id', '=', value('assigneeId')),
  otherAssigneeId: (ticket, value) => ticket('assignee_id', '=', value('otherAssigneeId')),
  assigneeIds: anyOf('assignee_id', 'assigneeIds', 'uuid'),
  assigneeIdsOrNone: (ticket, value) =>
    ticket.or([
      ticket('assignee_id', '=', sql<never>`any(${value('assigneeIdsOrNone')}::uuid[])`),
      ticket('assignee_id', 'is', null),
    ]),
  unassigned: (ticket) => ticket('assignee_id', 'is', null),
  queueId: (ticket, value) => ticket('queue_id', '=', value('queueId')),
  isWithoutQueue: (ticket) => ticket('queue_id', 'is', null),
  teamId: (ticket, value) => ticket('team_id', '=', value('teamId') as never),
  // Row security keeps the tree to the MSP; asked once, not at each ticket.
  categoryId: (ticket, value) =>
    ticket(
      'category_id',
      '=',
      sql<never>`any(array(
        select c.id from desk_category c left join desk_category p on p.msp_id = c.msp_id and p.id = c.parent_id
        where ${value('categoryId')} in (c.id, c.parent_id, p.parent_id)))`,
    ),
  contactId: (ticket, value) => ticket('contact_id', '=', value('contactId') as never),
  assetId: (ticket, value) => ticket('asset_id', '=', value('assetId') as never),
  dueBy: (ticket, value) => ticket('breach_order', '<=', value('dueBy')),
  dueAfter: (ticket, value) => ticket('breach_order', '>', value('dueAfter')),
  deadlineBy: (ticket, value) => ticket('breach_order', '<=', value('deadlineBy')),
  openedBy: (ticket, value) => ticket('opened_at', '<=', value('openedBy')),
  quietSince: (ticket, value) => ticket('updated_at', '<=', value('quietSince')),
  isReplyAwaited: (ticket, value) => ticket('is_reply_awaited', '=', value('isReplyAwaited')),
  isSnoozed: (ticket, value) => ticket('is_snoozed', '=', sql.lit(value('isSnoozed'))),
  ids: anyOf('id', 'ids', 'uuid'),
};

/** The conditions that a narrowing names, to be joined by "and". */
export function conditionsOf(used: Iterable<string>, ticket: Builder, value: ValueOf) {
  const conditions = [];
  for (const name of used) if (name in CONDITIONS) conditions.push(CONDITIONS[name as keyof Narrowing](ticket, value));
  return ticket.and(conditions);
}

/** The names of what a set of values narrows by. */
export function namesIn<Values extends object>(values: Values): (keyof Values & string)[] {
  return (Object.keys(values) as (keyof Values & string)[]).filter((name) => values[name] !== undefined);
}
