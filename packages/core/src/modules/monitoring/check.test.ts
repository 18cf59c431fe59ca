import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBad, judge, MAX_GAP_MS, type CheckState, type Rule, type Sample, type Step } from './check.ts';

interface Vector {
  readonly name: string;
  readonly rule: Rule;
  readonly samples: readonly (readonly [number, number])[];
  readonly changes: readonly Step['change'][];
}
const vectors = JSON.parse(readFileSync(new URL('vectors/judge.json', import.meta.url), 'utf8')) as Vector[];

function judgeAll(rule: Rule, samples: readonly Sample[]): Step[] {
  let state: CheckState | null = null;
  return samples.map((sample) => {
    const step = judge(rule, state, sample);
    state = step.state;
    return step;
  });
}

describe('judge', () => {
  it.each(vectors)('$name', ({ rule, samples, changes }) => {
    const steps = judgeAll(
      rule,
      samples.map(([second, value]) => ({ atMs: second * 1000, value })),
    );
    expect(steps.map((step) => step.change)).toEqual(changes);
  });

  const rules = fc
    .record({
      comparison: fc.constantFrom('above' as const, 'below' as const),
      threshold: fc.integer({ min: 20, max: 80 }),
      margin: fc.integer({ min: 0, max: 15 }),
      forSeconds: fc.constantFrom(0, 30, 60, 300),
    })
    .map(({ margin, ...rule }) => ({
      ...rule,
      recoverThreshold: rule.threshold + (rule.comparison === 'above' ? -margin : margin),
    }));
  const timelines = fc.array(
    fc.record({ gapMs: fc.integer({ min: 1, max: 400_000 }), value: fc.integer({ min: 0, max: 100 }) }),
    { maxLength: 60 },
  );

  it('raises and recovers in turn, and raises only after an unbroken bad stretch of the asked length', () => {
    fc.assert(
      fc.property(rules, timelines, (rule, timeline) => {
        let atMs = 1_000_000;
        const samples = timeline.map(({ gapMs, value }) => ({ atMs: (atMs += gapMs), value }));
        const steps = judgeAll(rule, samples);
        const changes = steps.map((step) => step.change).filter((change) => change !== null);
        expect(changes.every((change, index) => change === (index % 2 === 0 ? 'raised' : 'recovered'))).toBe(true);
        for (const [index, step] of steps.entries()) {
          if (step.change !== 'raised' || step.state === null) continue;
          const { sinceMs, lastAtMs } = step.state;
          expect(lastAtMs - sinceMs).toBeGreaterThanOrEqual(rule.forSeconds * 1000);
          const stretch = samples.slice(0, index + 1).filter((sample) => sample.atMs >= sinceMs);
          expect(stretch.every((sample) => isBad(rule, sample.value))).toBe(true);
          expect(stretch.every((sample, n) => n === 0 || sample.atMs - (stretch[n - 1]?.atMs ?? 0) <= MAX_GAP_MS)).toBe(
            true,
          );
        }
      }),
    );
  });
});
