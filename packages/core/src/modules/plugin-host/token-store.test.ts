import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { HeldLocks } from './token-store.ts';

it('lets one work of a name run at a time, and three of all', async () => {
  const locks = new HeldLocks();
  const running = new Map<string, number>();
  let most = 0;
  const work = (name: string) => async () => {
    running.set(name, (running.get(name) ?? 0) + 1);
    expect(running.get(name)).toBe(1);
    most = Math.max(
      most,
      [...running.values()].reduce((sum, count) => sum + count, 0),
    );
    await pause(2);
    running.set(name, 0);
    if (name === 'c') throw new Error('c fails');
  };
  const names = Array.from({ length: 40 }, (_, index) => 'abcdefgh'.charAt(index % 8));
  const ended = await Promise.allSettled(names.map((name) => locks.hold(name, work(name))));
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  expect(most).toBe(3);
});
