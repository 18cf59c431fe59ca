import { z } from 'zod';
import { ticketConditions, ticketGroupings, TICKET_SORTS } from '#modules/tickets';

/** What a column of the queue can show. */
export const VIEW_COLUMNS = [
  'priority',
  'number',
  'subject',
  'client',
  'status',
  'breach',
  'updated',
  'assignee',
  'queue',
  'type',
  'source',
  'contact',
  'site',
  'asset',
  'opened',
] as const;

const columnSchema = z.object({
  key: z.enum(VIEW_COLUMNS),
  widthPx: z.int().min(40).max(1200).nullable().default(null),
});

/** What a view shows and how: which tickets, in which order, divided by what, in which columns (null: the usual ones). */
export const viewSettings = z.object({
  filter: z.object(ticketConditions),
  sort: z.enum(TICKET_SORTS).default('updated'),
  groupBy: z.enum(ticketGroupings).nullable().default(null),
  columns: z
    .array(columnSchema)
    .min(1)
    .max(VIEW_COLUMNS.length)
    .refine((columns) => new Set(columns.map(({ key }) => key)).size === columns.length, {
      error: 'must name each column once',
    })
    .nullable()
    .default(null),
});
export type ViewSettings = z.output<typeof viewSettings>;

/** A view that everybody has from the start. */
export interface StandardView {
  readonly key: string;
  readonly name: string;
  readonly settings: ViewSettings;
}

function standard(key: string, name: string, filter: Partial<ViewSettings['filter']>, sort: ViewSettings['sort']) {
  return {
    key,
    name,
    settings: { filter: { tab: 'open', ...filter }, sort, groupBy: null, columns: null },
  } satisfies StandardView;
}

/** They are no rows: nobody can spoil them, and a new MSP has them at once. */
export const STANDARD_VIEWS: readonly StandardView[] = [
  standard('mine', 'Mine', { tab: 'mine' }, 'updated'),
  standard('unassigned', 'Unassigned', { tab: 'unassigned' }, 'updated'),
  standard('breaching', 'Breaching soon', { dueWithinMinutes: 240 }, 'breach'),
  standard('waiting', 'Waiting', { tab: 'waiting' }, 'updated'),
  standard('open', 'All open', {}, 'updated'),
  standard('snoozed', 'Snoozed', { isSnoozed: true }, 'updated'),
  standard('closed', 'Closed', { tab: 'closed' }, 'updated'),
];

/** A person's order: views that it does not name stand behind those that it names. */
export interface ViewPlace {
  readonly view: string;
  readonly isHidden: boolean;
}

/** Puts views into somebody's order; what is new stays in the given order, behind. */
export function inOrder<View extends { readonly key: string }>(
  views: readonly View[],
  places: readonly ViewPlace[],
): (View & { isHidden: boolean })[] {
  const place = new Map(places.map(({ view, isHidden }, index) => [view, { index, isHidden }]));
  return views
    .map((view, index) => ({
      view: { ...view, isHidden: place.get(view.key)?.isHidden ?? false },
      rank: place.get(view.key)?.index ?? places.length + index,
    }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ view }) => view);
}
