import { describe, expect, it } from 'vitest';
import { Limiter, type LimitedRequest } from './limiter.ts';
import { VirtualClock, settle } from './test-connection.ts';

const never = new AbortController().signal;

function by(scope: string | null, more: Partial<LimitedRequest> = {}): LimitedRequest {
  return { scope, host: 'api.vendor.test', class: 'read', priority: 'background', ...more };
}

/** Asks, and writes down who was admitted when. */
function track(limiter: Limiter, clock: VirtualClock) {
  const start = clock.nowMs();
  const admitted: string[] = [];
  const ask = (name: string, request: LimitedRequest): void => {
    void limiter.acquire(request, 600_000, never).then((release) => {
      admitted.push(`${name}@${(clock.nowMs() - start) / 1000}`);
      release();
    });
  };
  return { admitted, ask };
}

describe('Limiter', () => {
  it('never lets more than the limit start in any window', async () => {
    const clock = new VirtualClock();
    const starts: number[] = [];
    const limiter = new Limiter([{ per: 'connection', requests: 10, seconds: 60 }], clock);
    for (let index = 0; index < 50; index += 1)
      void limiter.acquire(by(`s${index % 3}`), 3_600_000, never).then((release) => {
        starts.push(clock.nowMs());
        release();
      });
    await clock.advance(3_600_000);
    expect(starts).toHaveLength(50);
    for (const start of starts)
      expect(starts.filter((other) => other >= start && other < start + 60_000).length).toBeLessThanOrEqual(10);
  });

  it('lets scopes take turns: a small one does not wait for a large one', async () => {
    const clock = new VirtualClock();
    const { admitted, ask } = track(new Limiter([{ per: 'connection', requests: 1, seconds: 1 }], clock), clock);
    for (let index = 0; index < 20; index += 1) ask('large', by('large'));
    ask('small', by('small'));
    await clock.advance(30_000);
    expect(admitted.indexOf('small@1')).toBe(1);
  });

  it('keeps a fifth for actions, and lets them go first', async () => {
    const clock = new VirtualClock();
    const { admitted, ask } = track(new Limiter([{ per: 'connection', requests: 5, seconds: 60 }], clock), clock);
    for (let index = 0; index < 8; index += 1) ask('read', by('a'));
    await settle();
    expect(admitted).toEqual(['read@0', 'read@0', 'read@0', 'read@0']);
    ask('action', by('a', { class: 'write', priority: 'action' }));
    await settle();
    expect(admitted.at(-1)).toBe('action@0');
    ask('action', by('a', { class: 'write', priority: 'action' }));
    await clock.advance(60_000);
    expect(admitted[5]).toBe('action@60');
  });

  it('keeps a place for actions among those at one time', async () => {
    const clock = new VirtualClock();
    const limiter = new Limiter([{ per: 'connection', requests: 100, seconds: 1, concurrency: 3 }], clock);
    const first = await limiter.acquire(by('a'), 1000, never);
    await limiter.acquire(by('b'), 1000, never);
    let third = false;
    void limiter.acquire(by('c'), 60_000, never).then(() => (third = true));
    await settle();
    expect(third).toBe(false);
    await limiter.acquire(by('c', { priority: 'action' }), 1000, never);
    first();
    await settle();
    expect(third).toBe(false);
  });

  it('does not let a scope that used up its own limit hold up others', async () => {
    const clock = new VirtualClock();
    const { admitted, ask } = track(new Limiter([{ per: 'scope', requests: 1, seconds: 60 }], clock), clock);
    for (const scope of ['a', 'a', 'a', 'b']) ask(scope, by(scope));
    await settle();
    expect(admitted).toEqual(['a@0', 'b@0']);
  });

  it('says when to come back instead of waiting longer than is bearable', async () => {
    const clock = new VirtualClock();
    const limiter = new Limiter([{ per: 'connection', requests: 1, seconds: 3600 }], clock);
    await limiter.acquire(by('a'), 1000, never);
    await expect(limiter.acquire(by('a'), 30_000, never)).rejects.toMatchObject({
      name: 'RateLimited',
      details: { retryAfterSeconds: 3600 },
    });
  });

  it('pauses as long as the vendor says, then goes at half the speed, and recovers', async () => {
    const clock = new VirtualClock();
    const limiter = new Limiter([{ per: 'connection', requests: 10, seconds: 10 }], clock);
    const { admitted, ask } = track(limiter, clock);
    limiter.refused(by('a'), 7000);
    for (let index = 0; index < 8; index += 1) ask('read', by('a'));
    await clock.advance(7000);
    expect(admitted).toEqual(['read@7', 'read@7', 'read@7', 'read@7']);
    await clock.advance(120_000);
    for (let round = 0; round < 5; round += 1) {
      ask('later', by('a'));
      await clock.advance(11_000);
    }
    admitted.length = 0;
    for (let index = 0; index < 8; index += 1) ask('full', by('a'));
    await settle();
    expect(admitted).toHaveLength(8);
  });

  it('forgets who gave up', async () => {
    const clock = new VirtualClock();
    const limiter = new Limiter([{ per: 'connection', requests: 100, seconds: 1, concurrency: 1 }], clock);
    const release = await limiter.acquire(by('a'), 1000, never);
    const gone = new AbortController();
    const waiting = limiter.acquire(by('a'), 60_000, gone.signal);
    gone.abort();
    await expect(waiting).rejects.toThrow();
    release();
    await expect(limiter.acquire(by('b'), 1000, never)).resolves.toBeTypeOf('function');
  });
});
