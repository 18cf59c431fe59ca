import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billableMinutes, minutesBetween, workedMinutes } from './time-entry.ts';
import vectors from './time-entry.vectors.json' with { type: 'json' };

describe('billableMinutes', () => {
  it.each(vectors)(
    '$worked min, at least $minimum, $rounding to $step, are $minutes',
    ({ worked, minimum, step, rounding, minutes, reason }) => {
      const rule = { minimumMinutes: minimum, roundToMinutes: step, rounding: rounding as 'up' | 'nearest' };
      expect(billableMinutes(worked, rule)).toEqual({ minutes, reason });
    },
  );

  it('never bills less than was worked when it rounds up, nor a whole step too much', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1440 }),
        fc.integer({ min: 0, max: 240 }),
        fc.integer({ min: 1, max: 480 }),
        (worked, minimumMinutes, roundToMinutes) => {
          const { minutes } = billableMinutes(worked, { minimumMinutes, roundToMinutes, rounding: 'up' });
          const atLeast = Math.max(worked, minimumMinutes);
          return minutes >= atLeast && minutes < atLeast + roundToMinutes && minutes % roundToMinutes === 0;
        },
      ),
    );
  });

  it('bills no less for more work', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 1, max: 480 }),
        fc.constantFrom('up' as const, 'nearest' as const),
        (worked, roundToMinutes, rounding) => {
          const rule = { minimumMinutes: 10, roundToMinutes, rounding };
          return billableMinutes(worked + 1, rule).minutes >= billableMinutes(worked, rule).minutes;
        },
      ),
    );
  });
});

describe('workedMinutes', () => {
  const now = Temporal.Instant.from('2026-11-20T12:00:00Z');
  const startedAt = Temporal.Instant.from('2026-11-20T11:00:00Z');

  it('counts begun minutes', () => {
    expect(minutesBetween(startedAt, startedAt.add({ seconds: 61 }))).toBe(2);
    expect(minutesBetween(startedAt, startedAt.add({ seconds: 1 }))).toBe(1);
  });

  it.each([
    ['time.no-duration', { startedAt }],
    ['time.ends-before-start', { startedAt, endedAt: startedAt }],
    ['time.in-the-future', { startedAt: now.add({ hours: 1 }), minutes: 5 }],
    ['time.too-long', { startedAt: now.subtract({ hours: 48 }), endedAt: now }],
  ])('refuses with %s', (code, entry) => {
    expect(() => workedMinutes(entry, now)).toThrow(expect.objectContaining({ code }));
  });
});
