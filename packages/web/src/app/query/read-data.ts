import { untrack } from 'solid-js';

interface Answered<Data> {
  readonly data: Data | undefined;
  readonly dataUpdatedAt: number;
  readonly isPending: boolean;
  readonly isLoadingError: boolean;
}

/**
 * What a query answered, undefined before that. Read as such, `data` makes the nearest `Suspense` take its screen out of the page for a moment whenever a component asks for what is
 * already there, and with the screen go the focus, the scroll position and the next letter that somebody types.
 */
export function readData<Data>(query: Answered<Data>): Data | undefined {
  if (query.isPending || query.isLoadingError) return undefined;
  // Followed in its place.
  void query.dataUpdatedAt;
  return untrack(() => query.data);
}
