import { describe, expect, it } from 'vitest';
import { minorAmount, typedAmount } from './minor-amount.ts';

describe('minorAmount', () => {
  it.for([
    ['1250', 'GBP', 125_000],
    ['1,250.5', 'GBP', 125_050],
    ['12,5', 'EUR', 1250],
    ['1 250', 'JPY', 1250],
    ['1.234', 'KWD', 1234],
    ['0', 'GBP', 0],
    ['1.234', 'GBP', undefined],
    ['-1', 'GBP', undefined],
    ['1.5', 'JPY', undefined],
    ['ten', 'GBP', undefined],
    ['', 'GBP', undefined],
    ['10', 'pounds', undefined],
  ] as const)('reads %s of %s as %s', ([typed, currency, minor]) => expect(minorAmount(typed, currency)).toBe(minor));

  it('reads what it wrote', () => {
    for (const [minor, currency] of [
      [5, 'GBP'],
      [125_050, 'EUR'],
      [1250, 'JPY'],
      [1, 'KWD'],
    ] as const)
      expect(minorAmount(typedAmount(minor, currency), currency)).toBe(minor);
  });
});
