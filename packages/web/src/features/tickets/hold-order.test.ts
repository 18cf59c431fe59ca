import { createRoot, createSignal } from 'solid-js';
import { describe, expect, it } from 'vitest';
import type { ListQuery } from '#web/app/query/create-list-query.ts';
import { holdOrder, type HeldList } from './hold-order.ts';

interface Row {
  readonly id: string;
  readonly subject: string;
}

const rows = (...ids: string[]): readonly Row[] => ids.map((id) => ({ id, subject: id }));

/** A list whose answers the test gives. */
async function withList(
  test: (parts: {
    held: HeldList<Row>;
    answer: (rows: readonly Row[]) => Promise<void>;
    ask: (key: string) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  await createRoot(async (dispose) => {
    const [items, setItems] = createSignal<readonly Row[]>([]);
    const [key, setKey] = createSignal('all');
    const list: ListQuery<Row> = {
      items,
      total: () => undefined,
      isLoading: () => false,
      isLoadingMore: () => false,
      hasMore: () => false,
      problem: () => undefined,
      loadMore: () => {},
      retry: () => {},
    };
    const held = holdOrder(list, { key, idOf: (row) => row.id });
    const settled = () => Promise.resolve();
    await settled();
    await test({
      held,
      answer: async (next) => {
        setItems(next);
        await settled();
      },
      ask: async (next) => {
        setKey(next);
        await settled();
      },
    });
    dispose();
  });
}

const shown = (held: HeldList<Row>): string =>
  held
    .items()
    .map((row) => row.id)
    .join('');

describe('holdOrder', () => {
  it('keeps what is new or rises where it does not move the reader, and says how many wait', () =>
    withList(async ({ held, answer }) => {
      await answer(rows('a', 'b', 'c'));
      await answer(rows('x', 'c', 'a', 'b'));
      expect(shown(held)).toBe('abc');
      expect(held.waiting()).toBe(1);
      held.release();
      expect(shown(held)).toBe('xcab');
      expect(held.waiting()).toBe(0);
    }));

  it('draws a change in its place and lets go of what has left', () =>
    withList(async ({ held, answer }) => {
      await answer(rows('a', 'b', 'c'));
      await answer([{ id: 'c', subject: 'changed' }, ...rows('a')]);
      expect(held.items()).toEqual([
        { id: 'a', subject: 'a' },
        { id: 'c', subject: 'changed' },
      ]);
    }));

  it('adds a further page below', () =>
    withList(async ({ held, answer }) => {
      await answer(rows('a', 'b'));
      await answer(rows('a', 'b', 'c', 'd'));
      expect(shown(held)).toBe('abcd');
      expect(held.waiting()).toBe(0);
    }));

  it('takes the order of another list at once', () =>
    withList(async ({ held, answer, ask }) => {
      await answer(rows('a', 'b'));
      await ask('mine');
      await answer(rows('b', 'a'));
      expect(shown(held)).toBe('ba');
    }));
});
