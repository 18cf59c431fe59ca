import { describe, expect, it } from 'vitest';
import { dateText, durationText, relativeTime } from './time-text.ts';

const now = Temporal.Instant.from('2026-11-20T12:00:00Z');
const at = (text: string): string => relativeTime(Temporal.Instant.from(text), now, 'Europe/London', 'en-GB');

describe('durationText', () => {
  it.for([
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [4680, '1 h 18 min'],
    [18_120, '5 h 02 min'],
    [86_400, '1 d'],
    [187_200, '2 d 4 h'],
    [-90, '1 min'],
  ] as const)('says %i seconds as %s', ([seconds, text]) => {
    expect(durationText(seconds)).toBe(text);
  });
});

describe('relativeTime', () => {
  it('is relative up to a day, in both directions', () => {
    expect(at('2026-11-20T11:59:55Z')).toBe('just now');
    expect(at('2026-11-20T11:46:00Z')).toBe('14 min ago');
    expect(at('2026-11-20T13:18:00Z')).toBe('in 1 h 18 min');
  });
  it('names the day from then on, and the year when it is another', () => {
    expect(at('2026-11-03T12:41:00Z')).toBe('3 Nov, 12:41');
    expect(at('2025-07-03T12:41:00Z')).toBe('3 Jul 2025, 13:41');
  });
});

describe('dateText', () => {
  it('is the same date wherever it is read', () => {
    expect(dateText('2026-03-01', 'en-GB')).toBe('1 Mar 2026');
  });
});
