import { describe, expect, it } from 'vitest';
import { moneyText } from './money-text.ts';

describe('moneyText', () => {
  it.for([
    [231_840, 'GBP', '£2,318.40'],
    [5, 'GBP', '£0.05'],
    [-5, 'GBP', '-£0.05'],
    [0, 'EUR', '€0.00'],
    [1234, 'JPY', 'JP¥1,234'],
    [1234, 'KWD', 'KWD 1.234'],
    // More than a double holds as pounds and pence, exact all the same.
    [9_007_199_254_740_991, 'GBP', '£90,071,992,547,409.91'],
  ] as const)('writes %i of %s as %s', ([amountMinor, currency, text]) => {
    expect(moneyText(amountMinor, currency, 'en-GB').replaceAll(/\s/gu, ' ')).toBe(text);
  });
});
