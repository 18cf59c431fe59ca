import { describe, expect, it } from 'vitest';
import { bytesText, numberText, percentText } from './number-text.ts';

describe('bytesText', () => {
  it.for([
    [0, '0 B'],
    [1023, '1,020 B'],
    [1536, '1.5 KiB'],
    [200 * 2 ** 30, '200 GiB'],
    [2 ** 62, '4,100 PiB'],
  ] as const)('says %d as %s', ([bytes, text]) => {
    expect(bytesText(bytes, 'en-GB')).toBe(text);
  });
});

describe('percentText', () => {
  it('shows a share of one', () => {
    expect(percentText(0.842, 1, 'en-GB')).toBe('84.2 %');
    expect(numberText(12_418, 0, 'en-GB')).toBe('12,418');
  });
});
