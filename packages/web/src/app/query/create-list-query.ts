import { createInfiniteQuery } from '@tanstack/solid-query';
import { createMemo } from 'solid-js';
import type { Accessor } from 'solid-js';
import { toProblem } from '#web/app/problem/problem.ts';
import type { Problem } from '#web/app/problem/problem.ts';
import { readData } from './read-data.ts';

/** What every list operation of the server answers. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  readonly total?: number | undefined;
}

export interface ListQueryOptions<Item> {
  /** Reactive; `[topic, 'list', …everything that the answer depends on]`. */
  readonly key: () => readonly [topic: string, 'list', ...rest: unknown[]];
  readonly fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<Item>>;
  readonly isEnabled?: () => boolean;
}

/** A keyset list as a screen and a `DataTable` use it. */
export interface ListQuery<Item> {
  readonly items: Accessor<readonly Item[]>;
  /** Exact where the server says it, otherwise undefined. */
  readonly total: Accessor<number | undefined>;
  readonly isLoading: Accessor<boolean>;
  readonly isLoadingMore: Accessor<boolean>;
  readonly hasMore: Accessor<boolean>;
  readonly problem: Accessor<Problem | undefined>;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** Reads a keyset list page by page. Rows stay while a newer answer loads, so nothing jumps. */
export function createListQuery<Item>(options: ListQueryOptions<Item>): ListQuery<Item> {
  const query = createInfiniteQuery(() => ({
    queryKey: options.key(),
    queryFn: ({ pageParam, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      options.fetchPage(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ListPage<Item>) => page.nextCursor ?? undefined,
    enabled: options.isEnabled?.() ?? true,
    // Errors are shown in the list's own place, and a missing answer as a skeleton: neither may suspend or throw the screen away.
    throwOnError: false,
    suspense: false,
    // A row that is read again stays the same row: what is open, focused or typed in it is not drawn anew.
    reconcile: 'id',
  }));
  const pages = createMemo(() => readData(query)?.pages ?? []);
  return {
    items: createMemo(() => pages().flatMap((page) => page.items)),
    total: () => pages()[0]?.total,
    isLoading: () => query.isPending,
    isLoadingMore: () => query.isFetchingNextPage,
    hasMore: () => query.hasNextPage,
    problem: () => (query.isError ? toProblem(query.error) : undefined),
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
    retry: () => void query.refetch(),
  };
}
