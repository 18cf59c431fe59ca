import { describe, expect, it } from 'vitest';
import { FixedClock } from '#kernel/clock';
import { ConnectionBreaker } from './connection-breaker.ts';

function failTimes(breaker: ConnectionBreaker, times: number): void {
  for (let time = 0; time < times; time += 1) breaker.failed('a', 'Transient');
}

describe('ConnectionBreaker', () => {
  it('pauses after five failures in a row, lets one call see, and pauses twice as long when that fails', () => {
    const clock = new FixedClock('2026-11-20T09:00:00Z');
    const breaker = new ConnectionBreaker({ clock });
    failTimes(breaker, 4);
    breaker.assertClosed('a');
    failTimes(breaker, 1);
    expect(() => breaker.assertClosed('a')).toThrow('tried again after 2026-11-20T09:00:30Z');
    breaker.assertClosed('another');
    clock.advance({ seconds: 31 });
    breaker.assertClosed('a');
    // Only one: the others wait for what it finds.
    expect(() => breaker.assertClosed('a')).toThrow();
    failTimes(breaker, 1);
    expect(breaker.openUntil('a')?.toString()).toBe('2026-11-20T09:01:31Z');
    clock.advance({ seconds: 61 });
    breaker.assertClosed('a');
    breaker.succeeded('a');
    expect(breaker.openUntil('a')).toBeNull();
    breaker.assertClosed('a');
  });

  it('never waits longer than a quarter of an hour', () => {
    const clock = new FixedClock('2026-11-20T09:00:00Z');
    const breaker = new ConnectionBreaker({ clock });
    failTimes(breaker, 5);
    for (let time = 0; time < 10; time += 1) {
      clock.advance({ minutes: 20 });
      breaker.assertClosed('a');
      failTimes(breaker, 1);
    }
    expect(breaker.openUntil('a')?.toString()).toBe(clock.now().add({ minutes: 15 }).toString());
  });

  it('takes a refusal as an answer, and a call that was given up as nothing', () => {
    const clock = new FixedClock('2026-11-20T09:00:00Z');
    const breaker = new ConnectionBreaker({ clock });
    failTimes(breaker, 4);
    breaker.failed('a', 'AuthFailed');
    failTimes(breaker, 4);
    breaker.assertClosed('a');
    failTimes(breaker, 1);
    clock.advance({ seconds: 31 });
    breaker.assertClosed('a');
    breaker.failed('a', 'Aborted');
    breaker.assertClosed('a');
  });
});
