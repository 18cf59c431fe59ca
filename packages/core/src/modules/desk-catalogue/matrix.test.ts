import { describe, expect, it } from 'vitest';
import { DEFAULT_MATRIX, rate, type Level } from './matrix.ts';

const LEVELS: readonly Level[] = [1, 2, 3];

describe('rate', () => {
  it('has high and high for P1 at first, one less for each step down, and nothing below P4', () => {
    const priorities = LEVELS.map((impact) =>
      LEVELS.map((urgency) => rate(DEFAULT_MATRIX, { impact, urgency, isVip: false }).priority),
    );
    expect(priorities).toEqual([
      [1, 2, 3],
      [2, 3, 4],
      [3, 4, 4],
    ]);
  });

  it('raises a VIP, never above P1, and says so', () => {
    expect(rate(DEFAULT_MATRIX, { impact: 2, urgency: 2, isVip: true })).toEqual({
      priority: 2,
      reason: 'medium impact × medium urgency: P3; raised to P2 for a VIP',
    });
    expect(rate({ ...DEFAULT_MATRIX, vipSteps: 3 }, { impact: 1, urgency: 2, isVip: true }).priority).toBe(1);
    expect(rate({ ...DEFAULT_MATRIX, vipSteps: 0 }, { impact: 1, urgency: 2, isVip: true }).reason).toBe(
      'high impact × medium urgency: P2',
    );
  });
});
