import { createMemo, createSignal } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery, type ListQuery } from '#web/app/query/create-list-query.ts';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import type { Grouping } from '#web/ui/data-table/lines.ts';
import { STATUSES, type Ticket, type TicketStatus } from './ticket-words.ts';
import { createGroups, type Grouped, type ViewFilter, type ViewSettings } from './views-source.ts';

type ListInput = Parameters<typeof api.tickets.listTickets.query>[0];
/** Of a ticket that has nothing of what the list is divided by. */
const NONE = '';
/** A page gathers small groups until it has so many rows. */
const ENOUGH = 40;
const DAY_MS = 86_400_000;

const DEADLINES: Readonly<Record<string, string>> = {
  overdue: 'Overdue',
  day: 'Due within a day',
  later: 'Due later',
  none: 'Nothing is due',
};
const NATURAL: Partial<Readonly<Record<Grouped, readonly string[]>>> = {
  priority: ['1', '2', '3', '4'],
  status: Object.keys(STATUSES),
  sla: Object.keys(DEADLINES),
};

/** The tickets of a queue, in one list or group by group. */
export function createTickets(asked: {
  readonly settings: () => ViewSettings;
  readonly search: () => string;
}): ListQuery<Ticket> & { readonly grouping: () => Grouping<Ticket> | undefined } {
  const [collapsed, setCollapsed] = createSignal<ReadonlySet<string>>(new Set());
  // What a search found is in the order of the list: it is few, and divided it would only be further apart.
  const groupBy = createMemo(() => (asked.search() === '' ? (asked.settings().groupBy ?? undefined) : undefined));
  const groups = createGroups(() => {
    const by = groupBy();
    return by === undefined ? undefined : { filter: asked.settings().filter, groupBy: by };
  });
  const ordered = createMemo(() => {
    const by = groupBy();
    return by === undefined ? [] : inOrder(by, groups.value()?.items ?? []);
  });
  const input = (): ListInput => ({
    ...asked.settings().filter,
    sort: asked.settings().sort ?? 'updated',
    ...(asked.search() === '' ? {} : { search: asked.search() }),
  });
  const keys = createMemo(() =>
    ordered()
      .map(({ key }) => key)
      .join(),
  );
  const folded = createMemo(() => (groupBy() === undefined ? '' : [...collapsed()].toSorted().join()));
  const list = createListQuery<Ticket>({
    key: () => ['ticket', 'list', input(), groupBy(), keys(), folded()],
    isEnabled: () => groupBy() === undefined || groups.value() !== undefined,
    fetchPage: (cursor, signal) => {
      const by = groupBy();
      if (by === undefined) return page(input(), cursor, signal);
      const wanted = ordered().filter(({ key }) => !collapsed().has(key));
      return pageOfGroups(input(), by, wanted, cursor, signal);
    },
  });
  const grouping = createMemo((): Grouping<Ticket> | undefined => {
    const by = groupBy();
    if (by === undefined) return undefined;
    return {
      groups: ordered(),
      keyOf: (ticket) => groupOf(by, ticket),
      collapsed: collapsed(),
      onToggle: (key) => {
        const next = new Set(collapsed());
        if (!next.delete(key)) next.add(key);
        setCollapsed(next);
      },
    };
  });
  return { ...list, grouping };
}

function page(input: ListInput, cursor: string | undefined, signal: AbortSignal) {
  return api.tickets.listTickets.query({ ...input, ...(cursor === undefined ? {} : { cursor }) }, { signal });
}

/** The cursor of divided lists says which group, and how far in it. */
async function pageOfGroups(
  input: ListInput,
  by: Grouped,
  groups: readonly { readonly key: string; readonly count: number }[],
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<{ items: Ticket[]; nextCursor: string | null }> {
  const [begun = '0', ...rest] = (cursor ?? '0').split(' ');
  let inner = rest.join(' ') || undefined;
  const items: Ticket[] = [];
  let place = Number(begun);
  for (; place < groups.length && items.length < ENOUGH; place += 1) {
    const group = groups[place];
    if (group === undefined) break;
    const found = await page({ ...input, ...conditionOf(by, group.key) }, inner, signal);
    items.push(...found.items);
    inner = undefined;
    if (found.nextCursor !== null) return { items, nextCursor: `${place} ${found.nextCursor}` };
  }
  return { items, nextCursor: place < groups.length ? String(place) : null };
}

function conditionOf(by: Grouped, key: string): ViewFilter {
  switch (by) {
    case 'client':
      return { clientId: key as never };
    case 'assignee':
      return { assignees: [key === NONE ? 'none' : (key as never)] };
    case 'priority':
      return { priorities: [Number(key)] };
    case 'status':
      return { statuses: [key as TicketStatus] };
    case 'queue':
      return key === NONE ? { isWithoutQueue: true } : { queueId: key as never };
    case 'sla':
      return { deadline: key as NonNullable<ViewFilter['deadline']> };
  }
}

function groupOf(by: Grouped, ticket: Ticket): string {
  switch (by) {
    case 'client':
      return ticket.clientId;
    case 'assignee':
      return ticket.assigneeId ?? NONE;
    case 'priority':
      return String(ticket.priority);
    case 'status':
      return ticket.status;
    case 'queue':
      return ticket.queueId ?? NONE;
    case 'sla':
      return deadlineOf(ticket.nextBreachAt);
  }
}

function deadlineOf(at: string | null): string {
  if (at === null) return 'none';
  const left = Temporal.Instant.from(at).epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
  return left <= 0 ? 'overdue' : left <= DAY_MS ? 'day' : 'later';
}

interface Group {
  readonly key: string | null;
  readonly name: string | null;
  readonly count: number;
}

function inOrder(by: Grouped, groups: readonly Group[]): { key: string; label: string; count: number }[] {
  const labelled = groups.map(({ key, name, count }) => ({ key: key ?? NONE, label: labelOf(by, key, name), count }));
  const natural = NATURAL[by];
  // By name, those without one last: by size they would change places as one looks.
  if (natural === undefined)
    return labelled.toSorted(
      (a, b) => Number(a.key === NONE) - Number(b.key === NONE) || a.label.localeCompare(b.label),
    );
  return labelled.toSorted((a, b) => natural.indexOf(a.key) - natural.indexOf(b.key));
}

function labelOf(by: Grouped, key: string | null, name: string | null): string {
  if (by === 'priority') return priorityName(Number(key) as PriorityLevel);
  if (by === 'status') return STATUSES[key as TicketStatus]?.label ?? '';
  if (by === 'sla') return DEADLINES[key ?? 'none'] ?? '';
  if (name !== null) return name;
  if (key === null) return by === 'assignee' ? 'Nobody' : 'No queue';
  return by === 'assignee' ? 'Somebody who has left' : '…';
}
