import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusinessCalendar, roundTheClock, type WorkingTime } from './business-calendar.ts';
import { calendarSchema } from './calendar-input.ts';

const MINUTE = 60_000_000_000n;
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri'];

function calendar(zone: string, windows: unknown[], holidays: unknown[] = []): BusinessCalendar {
  return new BusinessCalendar(calendarSchema.parse({ id: 'one', zone, windows, holidays }));
}

const at = (instant: string): bigint => Temporal.Instant.from(instant).epochNanoseconds;
const calendars: readonly (readonly [string, WorkingTime])[] = [
  ['24x7', roundTheClock],
  [
    'Berlin',
    calendar('Europe/Berlin', [{ days: WEEK, from: '09:00', to: '17:00' }], [{ date: '2020-12-25', yearly: true }]),
  ],
  [
    'Lord Howe, two windows',
    calendar('Australia/Lord_Howe', [
      { days: [...WEEK, 'sun'], from: '01:10', to: '02:20' },
      { days: ['sun', 'mon'], from: '22:00', to: '24:00' },
    ]),
  ],
  [
    'Apia, all day',
    calendar('Pacific/Apia', [{ days: [...WEEK, 'sat', 'sun'], from: '00:00', to: '24:00' }], [{ date: '2012-01-02' }]),
  ],
  ['St. John’s', calendar('America/St_Johns', [{ days: ['sat'], from: '23:00', to: '24:00' }])],
];

const instant = fc
  .bigInt({ min: at('2005-12-30T00:00Z'), max: at('2013-01-05T00:00Z') })
  .map((nanoseconds) => nanoseconds);

describe.each(calendars)('the working time of %s', (_name, time) => {
  it('adds up, wherever it is cut', () => {
    fc.assert(
      fc.property(instant, instant, instant, (...cuts) => {
        const [from, middle, to] = cuts.toSorted((a, b) => (a < b ? -1 : 1)) as [bigint, bigint, bigint];
        expect(time.counted(from, middle) + time.counted(middle, to)).toBe(time.counted(from, to));
      }),
    );
  });

  it('is reached at the earliest instant, and not before', () => {
    fc.assert(
      fc.property(instant, fc.bigInt({ min: 1n, max: 6000n * MINUTE }), (from, amount) => {
        const reached = time.reach(from, amount)!;
        expect(time.counted(from, reached)).toBe(amount);
        expect(time.counted(from, reached - 1n)).toBe(amount - 1n);
      }),
    );
  });

  it('is what its open spans last', () => {
    fc.assert(
      fc.property(instant, fc.bigInt({ min: 1n, max: 100_000n * MINUTE }), (from, length) => {
        const spans = [...time.spans(from, from + length)];
        const open = spans.filter(({ reason }) => reason === 'business-hours' || reason === '24x7');
        expect(open.reduce((sum, span) => sum + span.to - span.from, 0n)).toBe(time.counted(from, from + length));
        expect([spans[0]?.from, spans.at(-1)?.to]).toEqual([from, from + length]);
        for (const [index, span] of spans.entries()) expect(spans[index + 1]?.from ?? span.to).toBe(span.to);
      }),
    );
  });
});

describe('a calendar that hardly opens', () => {
  const wholeDays = [{ days: [...WEEK, 'sat', 'sun'], from: '00:00', to: '24:00' }];
  const everyDay = Array.from({ length: 365 }, (_, day) => ({
    date: Temporal.PlainDate.from('2025-01-01').add({ days: day }).toString(),
    yearly: true,
  }));

  it('is open on leap days where each other day of the year is a holiday', () => {
    const leapDays = calendar('UTC', wholeDays, everyDay);
    expect(leapDays.reach(at('2026-01-01T00:00Z'), 30n * 60n * MINUTE)).toBe(at('2032-02-29T06:00Z'));
  });

  it('is searched for a century, and no longer', () => {
    expect(calendar('UTC', wholeDays, everyDay).reach(at('2026-01-01T00:00Z'), 1000n * 60n * MINUTE)).toBeNull();
    expect(calendar('UTC', []).reach(at('2026-01-01T00:00Z'), 1n)).toBeNull();
    expect(roundTheClock.reach(at('2026-01-01T00:00Z'), 60n * 60n * 24n * 365n * 101n * 1_000_000_000n)).toBeNull();
  });

  it('takes a holiday in the middle of a window out of both days that the window touches', () => {
    const nights = calendar(
      'UTC',
      [
        { days: ['mon'], from: '22:00', to: '24:00' },
        { days: ['tue'], from: '00:00', to: '06:00' },
      ],
      [{ date: '2026-03-03' }],
    );
    expect(nights.counted(at('2026-03-02T00:00Z'), at('2026-03-04T00:00Z'))).toBe(120n * MINUTE);
  });
});
