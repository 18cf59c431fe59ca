import { describe, expect, it } from 'vitest';
import { endOf, startOf, valuesOf } from './entry-times.ts';

describe('startOf', () => {
  it.each([
    ['2026-07-01', '09:30', '2026-07-01T07:30:00Z'],
    // A spring night has no half past two: it is an hour later. Of an autumn night's two the first counts.
    ['2026-03-29', '02:30', '2026-03-29T01:30:00Z'],
    ['2026-10-25', '02:30', '2026-10-25T00:30:00Z'],
    ['', '09:30', undefined],
    ['2026-07-01', '', undefined],
  ])('reads %s %s on the clock of Berlin', (date, start, instant) => {
    expect(startOf({ date, start }, 'Europe/Berlin')).toBe(instant);
  });
});

describe('endOf', () => {
  it('follows from start and minutes, also over midnight', () => {
    expect(endOf({ start: '09:30', minutes: '35' })).toBe('10:05');
    expect(endOf({ start: '23:30', minutes: '45' })).toBe('00:15');
    expect(endOf({ start: '09:30', minutes: '' })).toBe('');
  });
});

describe('valuesOf', () => {
  it('opens an entry as it was logged, in its zone, with a person’s word on what is billable', () => {
    const change = {
      entryId: 'a',
      version: 2,
      workType: 'travel' as const,
      note: 'There and back',
      distanceMeters: 12_500,
      isBillableSet: true,
      billableMinutes: 30,
      billableReason: 'set by Ada: agreed',
    };
    const entry = { timeZone: 'Europe/Berlin', startedAt: '2026-07-01T22:30:00Z', minutes: 45, change };
    expect(valuesOf(entry)).toEqual({
      date: '2026-07-02',
      start: '00:30',
      minutes: '45',
      workType: 'travel',
      distance: '12.5',
      note: 'There and back',
      billable: '30',
      reason: 'agreed',
      why: '',
    });
  });
});
