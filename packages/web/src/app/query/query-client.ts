import { QueryClient } from '@tanstack/solid-query';
import { toProblem } from '#web/app/problem/problem.ts';

/**
 * Query keys start with the topic of live updates, then `list` or `one`:
 * `['tickets.ticket', 'list', filters]`, `['tickets.ticket', 'one', id]`.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Live updates invalidate what changed; this only bounds how stale a tab without them can be.
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => {
        const { kind } = toProblem(error);
        return (kind === 'offline' || kind === 'unavailable') && failures < 3;
      },
    },
    mutations: { retry: false },
  },
});

/** Marks as stale what a change of `topic` (and of this one record) touches. Lists always; single records by id. */
export function invalidateTopic(topic: string, id?: string): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) =>
      queryKey[0] === topic && (queryKey[1] !== 'one' || id === undefined || queryKey[2] === id),
  });
}

/** Marks as stale one record and whatever of its topic is no list: what somebody has open before them. */
export function invalidateRecord(topic: string, id: string): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) =>
      queryKey[0] === topic && queryKey[1] !== 'list' && (queryKey[1] !== 'one' || queryKey[2] === id),
  });
}

/** Marks all lists of a topic as stale. */
export function invalidateLists(topic: string): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] === topic && queryKey[1] === 'list',
  });
}
