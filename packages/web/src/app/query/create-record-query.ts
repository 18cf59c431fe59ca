import { createQuery } from '@tanstack/solid-query';
import type { Accessor } from 'solid-js';
import { toProblem } from '#web/app/problem/problem.ts';
import type { Problem } from '#web/app/problem/problem.ts';
import { readData } from './read-data.ts';

export interface RecordQuery<Value> {
  /** Undefined until the first answer; kept while a newer one loads. */
  readonly value: Accessor<Value | undefined>;
  readonly isLoading: Accessor<boolean>;
  readonly problem: Accessor<Problem | undefined>;
  readonly retry: () => void;
}

/** Reads one record, or any single answer. Key: `[topic, 'one', id, …]`. */
export function createRecordQuery<Value>(options: {
  readonly key: () => readonly unknown[];
  readonly fetch: (signal: AbortSignal) => Promise<Value>;
  readonly isEnabled?: () => boolean;
  /** For numbers that no live update announces. */
  readonly refetchEveryMs?: number;
}): RecordQuery<Value> {
  const query = createQuery(() => ({
    queryKey: options.key(),
    queryFn: ({ signal }: { signal: AbortSignal }) => options.fetch(signal),
    enabled: options.isEnabled?.() ?? true,
    throwOnError: false,
    suspense: false,
    ...(options.refetchEveryMs === undefined ? {} : { refetchInterval: options.refetchEveryMs }),
  }));
  return {
    value: () => readData<Value>(query),
    isLoading: () => query.isPending,
    problem: () => (query.isError ? toProblem(query.error) : undefined),
    retry: () => void query.refetch(),
  };
}
