import ListFilter from 'lucide-solid/icons/list-filter';
import Search from 'lucide-solid/icons/search';
import { Show, createSignal, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { Select, type SelectOption } from '#web/ui/select/select.tsx';
import { ANY, type Deviation } from './queue-settings.ts';
import { createAssignees } from './ticket-source.ts';
import { STATUSES, TYPES, type TicketStatus, type TicketType } from './ticket-words.ts';
import type { ViewFilter, ViewSettings } from './views-source.ts';

const MoreFilters = lazy(async () => ({ default: (await import('./more-filters.tsx')).MoreFilters }));

const TYPING_PAUSE_MS = 200;

const DUE = { overdue: 'Overdue', hour: 'Due within 1 h', day: 'Due within 24 h' } as const;
const SORTS: readonly SelectOption[] = [
  { value: 'updated', label: 'Newest change first' },
  { value: 'priority', label: 'Most urgent first' },
  { value: 'breach', label: 'Next breach first' },
  { value: 'opened', label: 'Newest first' },
];
const GROUPINGS: readonly SelectOption[] = [
  { value: 'client', label: 'By client' },
  { value: 'assignee', label: 'By assignee' },
  { value: 'priority', label: 'By priority' },
  { value: 'status', label: 'By status' },
  { value: 'queue', label: 'By queue' },
  { value: 'sla', label: 'By deadline' },
];

/** What narrows, orders and divides the queue; what differs from the view is in the URL. */
export function TicketFilters(props: {
  search: string;
  onSearch: (search: string) => void;
  /** As the view has it, before the URL changed anything. */
  view: ViewSettings;
  url: Deviation;
  onChange: (change: Partial<Deviation>) => void;
  /** At the end of the line: columns, what was edited. */
  children?: JSX.Element;
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
  const people = (): SelectOption[] => [
    { value: 'me', label: 'Me' },
    { value: 'none', label: 'Nobody' },
    ...(assignees.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
  ];
  const nameOf = (id: string): string => people().find(({ value }) => value === id)?.label ?? 'Somebody';
  const filter = (): ViewFilter => props.view.filter;
  const [isMoreOpen, setMoreOpen] = createSignal(false);
  const isMore = (): boolean => props.url.category !== '' || props.url.fields !== '';
  const choice = (name: 'status' | 'priority' | 'type' | 'assignee' | 'due') => ({
    value: props.url[name],
    onChange: (value: string) => props.onChange({ [name]: value }),
  });
  return (
    <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
      <span class="relative max-w-80 min-w-36 flex-1 basis-36">
        <Search size={14} class="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
        <Input
          ref={searchBox}
          type="search"
          class="pl-8"
          aria-label="Search tickets"
          placeholder="Words or T-1042"
          value={props.search}
          onInput={(event) => {
            const { value } = event.currentTarget;
            clearTimeout(typing);
            typing = setTimeout(() => props.onSearch(value), TYPING_PAUSE_MS);
          }}
          onKeyDown={(event) => {
            // Enter leaves the box, so that j and k walk through what was found.
            if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      </span>
      <Select
        class="w-31"
        aria-label="Status"
        {...choice('status')}
        options={optionsOf(
          'Every status',
          filter().statuses?.map((status) => STATUSES[status].label),
          Object.entries(STATUSES).map(([value, { label }]) => ({ value: value as TicketStatus, label })),
        )}
      />
      <Select
        class="w-33"
        aria-label="Priority"
        {...choice('priority')}
        options={optionsOf(
          'Every priority',
          filter().priorities?.map((level) => `P${String(level)}`),
          [1, 2, 3, 4].map((level) => ({ value: String(level), label: priorityName(level as PriorityLevel) })),
        )}
      />
      <Select
        class="w-29"
        aria-label="Type"
        {...choice('type')}
        options={optionsOf(
          'Every type',
          filter().types?.map((type) => TYPES[type]),
          Object.entries(TYPES).map(([value, label]) => ({ value: value as TicketType, label })),
        )}
      />
      <Select
        class="w-28"
        aria-label="Assignee"
        {...choice('assignee')}
        options={optionsOf('Everybody', filter().assignees?.map(nameOf), people())}
      />
      <Select
        class="w-32"
        aria-label="Deadline"
        {...choice('due')}
        options={optionsOf(
          'Any deadline',
          filter().dueWithinMinutes === undefined ? undefined : ['Due soon'],
          Object.entries(DUE).map(([value, label]) => ({ value, label })),
        )}
      />
      <IconButton
        icon={ListFilter}
        label="More filters"
        isPressed={isMore() || hasMore(filter())}
        onClick={() => setMoreOpen(true)}
      />
      <Show when={isMoreOpen()}>
        <MoreFilters view={filter()} url={props.url} onChange={props.onChange} onClose={() => setMoreOpen(false)} />
      </Show>
      <Select
        class="ml-auto w-43"
        aria-label="Order"
        value={props.url.sort === '' ? (props.view.sort ?? 'updated') : props.url.sort}
        onChange={(sort) => props.onChange({ sort: sort === props.view.sort ? '' : sort })}
        options={SORTS}
      />
      <Select
        class="w-28"
        aria-label="Groups"
        value={props.url.by === '' ? (props.view.groupBy ?? ANY) : props.url.by}
        onChange={(by) => props.onChange({ by: by === (props.view.groupBy ?? ANY) ? '' : by })}
        options={[{ value: ANY, label: 'No groups' }, ...GROUPINGS]}
      />
      {props.children}
    </div>
  );
}

function hasMore({ categoryId, fields }: ViewFilter): boolean {
  return categoryId !== undefined || fields !== undefined;
}

/** The choices of a filter: as the view has it, without it where the view has it, and each one. */
function optionsOf(every: string, ofView: readonly string[] | undefined, each: readonly SelectOption[]) {
  if (ofView === undefined || ofView.length === 0) return [{ value: '', label: every }, ...each];
  return [{ value: '', label: ofView.join(', ') }, { value: ANY, label: every }, ...each];
}
