import { describe, expect, it } from 'vitest';
import { budgetText, readBudget } from './budget-text.ts';

describe('a budget as it is typed', () => {
  it.each([
    ['4 h', 'PT4H', '4 h'],
    ['1h30m', 'PT1H30M', '1 h 30 min'],
    ['90 min', 'PT90M', '90 min'],
    ['', null, ''],
  ])('reads %j and shows it again', (typed, iso, shown) => {
    expect(readBudget(typed)).toBe(iso);
    expect(budgetText(iso)).toBe(shown);
  });

  it.each(['4', 'soon', '-1 h', '1 d', '1.5 h'])('does not take %j for a length', (typed) => {
    expect(readBudget(typed)).toBeUndefined();
  });

  it('shows days and weeks in hours', () => {
    expect(budgetText('P1DT2H')).toBe('26 h');
  });
});
