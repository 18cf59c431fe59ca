import { describe, expect, it } from 'vitest';
import { mergeHolidays } from './merge-holidays.ts';

const today = Temporal.PlainDate.from('2026-06-01');
const day = (date: string, yearly = false) => ({ date, yearly });

describe('mergeHolidays', () => {
  it('keeps what people entered, takes back what the feed takes back, and keeps days of it that are over', () => {
    const before = [day('2026-01-01'), day('2026-12-24')];
    const calendar = [...before, day('2026-05-01', true)];
    const now = [day('2026-12-25'), day('2026-12-25'), day('2026-05-01', true)];
    expect(mergeHolidays(calendar, { before, now, today })).toEqual({
      holidays: [day('2026-01-01'), day('2026-05-01', true), day('2026-12-25')],
      ofFeed: [day('2026-01-01'), day('2026-12-25')],
    });
  });

  it('lets the oldest days go where there are more than a calendar has', () => {
    const first = Temporal.PlainDate.from('2026-06-02');
    const now = Array.from({ length: 1000 }, (_, days) => day(first.add({ days }).toString()));
    const { holidays } = mergeHolidays([day('2026-01-01')], { before: [], now, today });
    expect(holidays).toHaveLength(1000);
    expect(holidays.slice(0, 2)).toEqual([day('2026-01-01'), day('2026-06-03')]);
  });
});
