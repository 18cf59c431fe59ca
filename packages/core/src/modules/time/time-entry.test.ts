import { describe, expect, it } from 'vitest';
import { minutesBetween, workedMinutes } from './time-entry.ts';

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
