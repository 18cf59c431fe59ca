import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateLimitedError } from '#kernel/errors';
import { startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { AttemptLimiter } from './attempt-limiter.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const limit = { name: 'test', tries: 10, windowSeconds: 900 };

async function allowed(limiter: AttemptLimiter, subject: string, tries: number): Promise<number> {
  const results = await Promise.allSettled(Array.from({ length: tries }, () => limiter.take(limit, subject)));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.every((result) => result.reason instanceof RateLimitedError)).toBe(true);
  return tries - refused.length;
}

describe('AttemptLimiter', () => {
  it('lets exactly as many of ten thousand tries through, two hundred at a time, as it says', async () => {
    const limiter = app.container.resolve(AttemptLimiter);
    let total = 0;
    for (let round = 0; round < 50; round += 1) total += await allowed(limiter, 'somebody', 200);
    expect(total).toBe(10);
  });

  it('counts each subject for itself, begins anew after the window, and forgets when told', async () => {
    const limiter = app.container.resolve(AttemptLimiter);
    expect(await allowed(limiter, 'one', 15)).toBe(10);
    expect(await allowed(limiter, 'two', 5)).toBe(5);
    await limiter.clear(limit, 'two');
    expect(await allowed(limiter, 'two', 15)).toBe(10);
    app.clock.advance({ seconds: 899 });
    expect(await allowed(limiter, 'one', 1)).toBe(0);
    app.clock.advance({ seconds: 2 });
    expect(await allowed(limiter, 'one', 15)).toBe(10);
  });

  it('says which try was the last, so that the owner can be told once', async () => {
    const limiter = app.container.resolve(AttemptLimiter);
    const lasts = [];
    for (let index = 0; index < 10; index += 1) lasts.push((await limiter.take(limit, 'three')).wasLast);
    expect(lasts).toEqual([...Array.from({ length: 9 }, () => false), true]);
  });
});
