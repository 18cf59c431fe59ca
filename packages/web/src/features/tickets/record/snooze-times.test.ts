import { describe, expect, it } from 'vitest';
import { snoozeTimes } from './snooze-times.ts';

const at = (local: string) => snoozeTimes(Temporal.ZonedDateTime.from(`${local}[Europe/Berlin]`));

describe('snoozeTimes', () => {
  it('gives moments in the reader’s own day', () => {
    expect(at('2026-11-21T13:02:30')).toEqual([
      { label: 'In two hours', at: '2026-11-21T15:03' },
      { label: 'This evening', at: '2026-11-21T18:00' },
      { label: 'Tomorrow', at: '2026-11-22T09:00' },
      { label: 'Monday', at: '2026-11-23T09:00' },
      { label: 'In a month', at: '2026-12-21T09:00' },
    ]);
  });

  it('leaves out an evening that has begun, and on a Monday means the next', () => {
    const times = at('2026-11-23T18:30:00');
    expect(times.map(({ label }) => label)).not.toContain('This evening');
    expect(times.find(({ label }) => label === 'Monday')?.at).toBe('2026-11-30T09:00');
  });

  it('keeps nine in the morning across a change of the clocks', () => {
    expect(at('2026-10-24T12:00:00').find(({ label }) => label === 'Tomorrow')?.at).toBe('2026-10-25T09:00');
  });
});
