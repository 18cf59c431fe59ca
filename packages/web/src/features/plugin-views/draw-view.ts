import { createQuery } from '@tanstack/solid-query';
import type { Json } from '@bailiwick/sdk';
import { problemFromResponse, toProblem } from '#web/app/problem/problem.ts';
import { readData } from '#web/app/query/read-data.ts';
import type { Drawing, PlacedView } from './view-words.ts';

export type ViewParams = Readonly<Record<string, Json>>;

/** What is drawn, and for whom. */
export interface WantedDrawing {
  readonly view: PlacedView;
  readonly assetId: string | undefined;
  readonly params: ViewParams;
}

/** Draws once. A request of its own: what else the page asks for must not wait for a slow vendor. */
export async function drawView(wanted: WantedDrawing, signal?: AbortSignal): Promise<Drawing> {
  const { connectionId, scopeId, view } = wanted.view;
  const response = await fetch('/api/v1/plugin-views/render', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      connectionId,
      ...(scopeId === null ? {} : { scopeId }),
      ...(wanted.assetId === undefined ? {} : { assetId: wanted.assetId }),
      view,
      params: wanted.params,
    }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await problemFromResponse(response);
  return (await response.json()) as Drawing;
}

/** A drawing that follows what is wanted. The one before stays while the next is drawn; nothing is tried again by itself, for each try is a request at a vendor. */
export function createDrawing(wanted: () => WantedDrawing) {
  const query = createQuery(() => ({
    queryKey: [
      'plugin-view',
      'one',
      wanted().view.connectionId,
      wanted().view.scopeId,
      wanted().view.view,
      wanted().assetId,
      wanted().params,
    ],
    queryFn: ({ signal }: { signal: AbortSignal }) => drawView(wanted(), signal),
    placeholderData: (previous: Drawing | undefined) => previous,
    retry: false,
    refetchOnWindowFocus: false,
    throwOnError: false,
    suspense: false,
  }));
  return {
    value: (): Drawing | undefined => readData(query),
    isDrawing: () => query.isFetching,
    problem: () => (query.isError ? toProblem(query.error) : undefined),
    redraw: () => void query.refetch(),
  };
}
