import { createEffect, createMemo, createSignal, on, untrack } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { ListQuery } from '#web/app/query/create-list-query.ts';

export interface HeldList<Row> extends ListQuery<Row> {
  /** How many rows wait above what is shown. */
  readonly waiting: Accessor<number>;
  /** Takes the server's order over. */
  readonly release: () => void;
}

/**
 * A list that stands still while somebody reads it: what others change is drawn in its place, what is new or would rise waits behind a line that says how many. The
 * order is taken over when the reader asks, or asks for another list (`key`).
 */
export function holdOrder<Row>(
  list: ListQuery<Row>,
  options: { key: () => string; idOf: (row: Row) => string },
): HeldList<Row> {
  const [order, setOrder] = createSignal<readonly string[]>([]);
  const ids = createMemo(() => list.items().map(options.idOf));
  const release = (): void => void setOrder(untrack(ids));
  createEffect(on(options.key, () => setOrder([]), { defer: true }));
  createEffect(
    on(ids, (fresh) => {
      const held = order();
      if (held.length === 0) {
        setOrder(fresh);
        return;
      }
      // A further page only adds below what is there.
      const known = new Set(held);
      const lastKnown = fresh.findLastIndex((id) => known.has(id));
      const added = fresh.slice(lastKnown + 1);
      if (lastKnown === -1) setOrder(fresh);
      else if (added.length > 0) setOrder([...held, ...added]);
    }),
  );
  const byId = createMemo(() => new Map(list.items().map((row) => [options.idOf(row), row])));
  const items = createMemo(() => {
    const held = order();
    if (held.length === 0) return list.items();
    return held.map((id) => byId().get(id)).filter((row) => row !== undefined);
  });
  const waiting = createMemo(() => {
    const held = order();
    if (held.length === 0) return 0;
    const known = new Set(held);
    return ids().filter((id) => !known.has(id)).length;
  });
  return { ...list, items, waiting, release };
}
