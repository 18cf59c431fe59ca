import { describe, expect, it } from 'vitest';
import { sparklinePath } from './sparkline-path.ts';

describe('sparklinePath', () => {
  it('draws the lowest at the foot and the highest at the head', () => {
    expect(sparklinePath([0, 10, 5], 100, 20)).toBe('M0.00 20.00L50.00 0.00L100.00 10.00');
  });
  it('leaves a gap where nothing was measured', () => {
    expect(sparklinePath([1, null, 1], 100, 20)).toBe('M0.00 10.00M100.00 10.00');
  });
  it('draws nothing of nothing', () => {
    expect(sparklinePath([], 100, 20)).toBe('');
    expect(sparklinePath([null, null], 100, 20)).toBe('');
  });
});
