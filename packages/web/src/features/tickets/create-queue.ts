import { createMemo } from 'solid-js';
import type { ViewScope } from '#web/app/scope/scope.ts';
import { createTickets } from './grouped-tickets.ts';
import { holdOrder } from './hold-order.ts';
import { NO_DEVIATION, settingsOf, USUAL_COLUMNS, type Deviation } from './queue-settings.ts';
import { createViewCounts, createViews, type ColumnKey, type QueueView } from './views-source.ts';

/** Stands for the view of the URL until views are known, so that the list does not wait for them. */
const FIRST: QueueView = {
  key: 'open',
  name: 'All open',
  kind: 'standard',
  version: null,
  isHidden: false,
  mayChange: false,
  settings: { filter: { tab: 'open' }, sort: 'updated', groupBy: null, columns: null },
};
const TABS = ['mine', 'unassigned', 'waiting', 'open', 'closed'] as const;

interface ShownColumn {
  readonly key: ColumnKey;
  readonly widthPx: number | null;
}

interface QueueState extends Deviation {
  readonly view: string;
  readonly q: string;
}

/** The list that the URL asks for, the views, and how many each of them holds. */
export function createQueue(state: QueueState, scope: ViewScope) {
  const known = createViews();
  const views = (): readonly QueueView[] => known.value()?.items ?? [];
  const view = createMemo((): QueueView => {
    const found = views().find(({ key }) => key === state.view) ?? views().find(({ key }) => key === 'open');
    if (found !== undefined) return found;
    const tab = TABS.find((one) => one === state.view) ?? 'open';
    return { ...FIRST, key: state.view, settings: { ...FIRST.settings, filter: { tab } } };
  });
  const deviation = (): Deviation => {
    const now: Record<string, string> = {};
    for (const name of Object.keys(NO_DEVIATION)) now[name] = state[name as keyof Deviation];
    return now as unknown as Deviation;
  };
  const own = createMemo(() => settingsOf(view().settings, deviation()));
  /** With the clients that the console looks at: no part of the view. */
  const settings = createMemo(() => {
    const { filter, ...rest } = own();
    const { clientId, groupId } = scope;
    return {
      ...rest,
      filter: {
        ...filter,
        ...(clientId === undefined ? {} : { clientId: clientId as never }),
        ...(groupId === undefined ? {} : { groupId: groupId as never }),
      },
    };
  });
  const search = (): { search?: string } => (state.q.trim() === '' ? {} : { search: state.q.trim() });
  const tickets = createTickets({ settings, search: () => search().search ?? '' });
  const held = holdOrder(tickets, {
    key: () => JSON.stringify([settings().filter, settings().sort, settings().groupBy, search()]),
    idOf: (row) => row.id,
  });
  const counts = createViewCounts(() => scope.clientId);
  const columns = createMemo((): readonly ShownColumn[] =>
    (own().columns ?? USUAL_COLUMNS.map((key) => ({ key }))).map(({ key, widthPx = null }: Partial<ShownColumn>) => ({
      key: key as ColumnKey,
      widthPx,
    })),
  );
  return {
    views,
    view,
    mayShare: () => known.value()?.mayShare ?? false,
    deviation,
    settings: own,
    /** What the list holds, to be asked for again. */
    matching: () => ({ ...settings().filter, ...search() }),
    list: { ...held, grouping: tickets.grouping },
    search,
    counts: () => counts.value()?.byKey,
    columns,
    widths: createMemo(() => {
      const widths: Record<string, number> = {};
      for (const { key, widthPx } of columns()) if (widthPx !== null) widths[key] = widthPx;
      return widths;
    }),
  };
}

/** The queue of a screen: its views, its list and what it is narrowed by. */
export type Queue = ReturnType<typeof createQueue>;

/** The same list as a file. */
export function exportHref(filter: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    for (const item of [value].flat()) if (item !== undefined) query.append(name, String(item));
  return `/api/v1/tickets.csv?${query.toString()}`;
}
