import { describe, expect, it } from 'vitest';
import { matchScore } from './match-score.ts';

describe('matchScore', () => {
  it('finds words by how they begin, in any order', () => {
    expect(matchScore('new ti', 'New ticket')).toBeGreaterThan(0);
    expect(matchScore('ticket new', 'New ticket')).toBeGreaterThan(0);
    expect(matchScore('münch', 'Go to Münchner Büro')).toBeGreaterThan(0);
  });
  it('refuses a name that lacks one of the words', () => {
    expect(matchScore('new asset', 'New ticket')).toBe(0);
    expect(matchScore('x', '')).toBe(0);
  });
  it('puts the beginning of a name over its middle, and a word over a part of one', () => {
    expect(matchScore('tick', 'Tickets')).toBeGreaterThan(matchScore('tick', 'Go to Tickets'));
    expect(matchScore('tick', 'Go to Tickets')).toBeGreaterThan(matchScore('tick', 'Matticks'));
  });
  it('takes everything while nothing is typed', () => {
    expect(matchScore('  ', 'Anything')).toBe(1);
  });
});
