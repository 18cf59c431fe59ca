import Search from 'lucide-solid/icons/search';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { Input } from '#web/ui/input/input.tsx';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { createAssignees } from './ticket-source.ts';
import { STATUSES, TYPES } from './ticket-words.ts';

const TYPING_PAUSE_MS = 200;

/** How the queue may be ordered. */
export const SORTS = ['updated', 'priority', 'breach', 'opened'] as const;
type TicketSort = (typeof SORTS)[number];

/** Deadlines by which the queue is narrowed, with how far ahead each looks. */
const DUE: Readonly<Record<string, { readonly label: string; readonly within: Temporal.DurationLike }>> = {
  overdue: { label: 'Overdue', within: { minutes: 0 } },
  hour: { label: 'Due within 1 h', within: { hours: 1 } },
  day: { label: 'Due within 24 h', within: { hours: 24 } },
};

/** The moment until which a deadline looks from now; undefined for any. */
export function dueBy(due: string): string | undefined {
  const within = DUE[due]?.within;
  return within === undefined ? undefined : Temporal.Now.instant().add(within).toString();
}

export interface TicketFilter {
  readonly q: string;
  readonly status: string;
  readonly priority: string;
  readonly type: string;
  readonly assignee: string;
  /** A key of `DUE`, or empty. */
  readonly due: string;
  readonly sort: TicketSort;
}

/** What narrows the queue; all of it is in the URL. */
export function TicketFilters(props: {
  filter: TicketFilter;
  onChange: (change: Partial<TicketFilter>) => void;
}): JSX.Element {
  const assignees = createAssignees();
  let searchBox: HTMLInputElement | undefined;
  let typing: ReturnType<typeof setTimeout> | undefined;
  registerActions({
    id: 'tickets.search-list',
    name: 'Search in this list',
    group: 'Tickets',
    shortcut: '/',
    run: () => searchBox?.focus(),
  });
  const words = (texts: Readonly<Record<string, string | { label: string }>>) =>
    Object.entries(texts).map(([value, text]) => ({ value, label: typeof text === 'string' ? text : text.label }));
  return (
    <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
      <span class="relative w-56 max-w-full">
        <Search size={14} class="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
        <Input
          ref={searchBox}
          type="search"
          class="pl-8"
          aria-label="Search tickets"
          placeholder="Words, or a number such as T-1042"
          value={props.filter.q}
          onInput={(event) => {
            const { value } = event.currentTarget;
            clearTimeout(typing);
            typing = setTimeout(() => props.onChange({ q: value }), TYPING_PAUSE_MS);
          }}
        />
      </span>
      <Select
        class="w-40"
        aria-label="Status"
        value={props.filter.status}
        onChange={(status) => props.onChange({ status })}
        options={[{ value: '', label: 'Every status' }, ...words(STATUSES)]}
      />
      <Select
        class="w-36"
        aria-label="Priority"
        value={props.filter.priority}
        onChange={(priority) => props.onChange({ priority })}
        options={[
          { value: '', label: 'Every priority' },
          ...[1, 2, 3, 4].map((level) => ({ value: String(level), label: priorityName(level as PriorityLevel) })),
        ]}
      />
      <Select
        class="w-32"
        aria-label="Type"
        value={props.filter.type}
        onChange={(type) => props.onChange({ type })}
        options={[{ value: '', label: 'Every type' }, ...words(TYPES)]}
      />
      <Select
        class="w-40"
        aria-label="Assignee"
        value={props.filter.assignee}
        onChange={(assignee) => props.onChange({ assignee })}
        options={[
          { value: '', label: 'Everybody' },
          ...(assignees.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
        ]}
      />
      <Select
        class="w-36"
        aria-label="Deadline"
        value={props.filter.due}
        onChange={(due) => props.onChange({ due })}
        options={[{ value: '', label: 'Any deadline' }, ...words(DUE)]}
      />
      <Select
        class="ml-auto w-44"
        aria-label="Order"
        value={props.filter.sort}
        onChange={(sort) => props.onChange({ sort: sort as TicketSort })}
        options={[
          { value: 'updated', label: 'Newest change first' },
          { value: 'priority', label: 'Most urgent first' },
          { value: 'breach', label: 'Next breach first' },
          { value: 'opened', label: 'Newest first' },
        ]}
      />
    </div>
  );
}
