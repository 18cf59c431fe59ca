import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';

type Outputs = inferRouterOutputs<AppRouter>['ticket-views'];
export type QueueView = Outputs['listViews']['items'][number];
export type ViewSettings = inferRouterInputs<AppRouter>['ticket-views']['createView']['settings'];
export type ViewFilter = ViewSettings['filter'];
export type Grouped = NonNullable<ViewSettings['groupBy']>;
export type ColumnKey = NonNullable<ViewSettings['columns']>[number]['key'];

const views = api['ticket-views'];

/** The views that the reader has, in their order. */
export function createViews() {
  return createRecordQuery({
    key: () => ['ticket-view', 'list'],
    fetch: (signal) => views.listViews.query({}, { signal }),
  });
}

/** How many tickets each view has, by its key; 1000 stands for "999+". */
export function createViewCounts(clientId: () => string | undefined) {
  return createRecordQuery({
    key: () => ['ticket', 'list', 'view-counts', clientId()],
    fetch: async (signal) => {
      const id = clientId();
      const { items } = await views.countViews.query(id === undefined ? {} : { clientId: id as never }, { signal });
      return { byKey: new Map(items.map(({ key, count }) => [key, count])) };
    },
  });
}

/** How the tickets of a filter divide. */
export function createGroups(asked: () => { filter: ViewFilter; groupBy: Grouped } | undefined) {
  return createRecordQuery({
    key: () => ['ticket', 'list', 'groups', asked()],
    isEnabled: () => asked() !== undefined,
    fetch: async (signal) => {
      const now = asked();
      if (now === undefined) return { items: [] };
      return views.groupTickets.query({ ...now.filter, groupBy: now.groupBy }, { signal });
    },
  });
}

async function told<Result>(did: string, didNot: string, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    const result = await work();
    await Promise.all([invalidateTopic('ticket-view'), invalidateTopic('ticket')]);
    showDone(did);
    return result;
  } catch (error) {
    showProblem(didNot, toProblem(error).message);
    return undefined;
  }
}

/** Keeps settings as a view of its own; answers its key. */
export async function keepView(view: {
  name: string;
  isShared: boolean;
  settings: ViewSettings;
}): Promise<string | undefined> {
  const made = await told(`Kept the view ${view.name}`, 'The view was not kept', () => views.createView.mutate(view));
  return made?.viewId;
}

/** Changes a view that somebody keeps. */
export async function changeView(
  view: QueueView,
  change: Partial<{ name: string; isShared: boolean; settings: ViewSettings }>,
): Promise<void> {
  await told(`Changed the view ${change.name ?? view.name}`, 'The view was not changed', () =>
    views.updateView.mutate({
      viewId: view.key as never,
      version: view.version ?? 0,
      name: view.name,
      isShared: view.kind === 'shared',
      settings: view.settings,
      ...change,
    }),
  );
}

/** Deletes a view; offers to keep it again. */
export async function deleteView(view: QueueView): Promise<boolean> {
  try {
    await views.deleteView.mutate({ viewId: view.key as never });
    await invalidateTopic('ticket-view');
    const { name, settings } = view;
    showDone(`Deleted the view ${name}`, {
      undo: () => void keepView({ name, settings, isShared: view.kind === 'shared' }),
    });
    return true;
  } catch (error) {
    showProblem('The view was not deleted', toProblem(error).message);
    return false;
  }
}

/** Keeps the reader's own order, and which views they hide. */
export async function arrangeViews(order: readonly QueueView[]): Promise<void> {
  try {
    await views.arrangeViews.mutate({ places: order.map(({ key, isHidden }) => ({ view: key, isHidden })) });
    await Promise.all([invalidateTopic('ticket-view'), invalidateTopic('ticket')]);
  } catch (error) {
    showProblem('The order was not kept', toProblem(error).message);
  }
}
