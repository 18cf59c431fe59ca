import type { ColumnKey, Grouped, QueueView, ViewFilter, ViewSettings } from './views-source.ts';
import type { TicketStatus, TicketType } from './ticket-words.ts';

/** What the URL says beside the view: an empty text is as the view has it, `ANY` takes a condition of the view away. */
export interface Deviation {
  readonly status: string;
  readonly priority: string;
  readonly type: string;
  readonly assignee: string;
  readonly due: string;
  readonly category: string;
  /** Comparisons of custom fields, with commas between them. */
  readonly fields: string;
  readonly sort: string;
  readonly by: string;
  readonly cols: string;
}

export const ANY = '-';
export const NO_DEVIATION: Deviation = {
  status: '',
  priority: '',
  type: '',
  assignee: '',
  due: '',
  category: '',
  fields: '',
  sort: '',
  by: '',
  cols: '',
};

/** How far ahead a deadline looks, in minutes, by what the URL says. */
export const DUE_MINUTES: Readonly<Record<string, number>> = { overdue: 0, hour: 60, day: 1440 };

/** The columns of the queue, in their usual order. */
export const USUAL_COLUMNS: readonly ColumnKey[] = [
  'priority',
  'number',
  'subject',
  'client',
  'status',
  'breach',
  'updated',
  'assignee',
];

const GROUPINGS: readonly Grouped[] = ['client', 'assignee', 'priority', 'status', 'queue', 'sla'];
const SORTS = ['updated', 'priority', 'breach', 'opened'] as const;

/** A view as it is seen now: its settings with what the URL changes. */
export function settingsOf(view: QueueView['settings'], url: Deviation): ViewSettings & { columns: Columns } {
  const filter: ViewFilter = { ...view.filter };
  const set = <Name extends keyof ViewFilter>(name: Name, text: string, value: () => ViewFilter[Name]): void => {
    if (text === ANY) delete filter[name];
    else if (text !== '') filter[name] = value();
  };
  set('statuses', url.status, () => url.status.split(',') as TicketStatus[]);
  set('priorities', url.priority, () => url.priority.split(',').map(Number));
  set('types', url.type, () => url.type.split(',') as TicketType[]);
  if (url.assignee !== '') delete filter.assigneeId;
  set('assignees', url.assignee, () => url.assignee.split(',') as NonNullable<ViewFilter['assignees']>);
  set('dueWithinMinutes', url.due, () => DUE_MINUTES[url.due]);
  set('categoryId', url.category, () => url.category as never);
  set('fields', url.fields, () => url.fields.split(','));
  return {
    filter,
    sort: SORTS.find((sort) => sort === url.sort) ?? view.sort,
    groupBy: url.by === ANY ? null : (GROUPINGS.find((by) => by === url.by) ?? view.groupBy),
    columns: columnsOf(url.cols) ?? view.columns,
  };
}

type Columns = { key: ColumnKey; widthPx: number | null }[] | null;

/** `subject:320,client` as columns. */
function columnsOf(text: string): Columns {
  if (text === '') return null;
  const columns = text.split(',').map((part) => {
    const [key = '', width] = part.split(':');
    const widthPx = width === undefined ? null : Math.min(Math.max(Math.round(Number(width)) || 40, 40), 1200);
    return { key: key as ColumnKey, widthPx };
  });
  return columns.length === 0 ? null : columns;
}

/** Columns as the URL has them. */
export function columnsText(columns: readonly { key: string; widthPx: number | null }[]): string {
  return columns.map(({ key, widthPx }) => (widthPx === null ? key : `${key}:${widthPx}`)).join(',');
}

/** Whether the URL says anything that the view does not. */
export function isEdited(url: Deviation): boolean {
  return Object.values(url).some((text) => text !== '');
}

/** Puts a column before another one. */
export function movedBefore<Item extends { readonly key: string }>(
  items: readonly Item[],
  key: string,
  before: string,
): Item[] {
  const moved = items.find((item) => item.key === key);
  if (moved === undefined || key === before) return [...items];
  return items.flatMap((item) => (item === moved ? [] : item.key === before ? [moved, item] : [item]));
}

/** The count beside a view: exact below a thousand. */
export function countText(count: number): string {
  return count >= 1000 ? '999+' : String(count);
}
