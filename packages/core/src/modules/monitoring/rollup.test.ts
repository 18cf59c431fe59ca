import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET_MS, HOUR_MS, mergeBuckets, resolutionFor, rollUp, toColumns, type Bucket } from './rollup.ts';

const samples = fc.array(
  fc.record({ atMs: fc.integer({ min: 0, max: 3 * HOUR_MS }), value: fc.integer({ min: -1000, max: 1000 }) }),
  {
    maxLength: 300,
  },
);

describe('rollUp', () => {
  it('equals a count over every bucket', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const buckets = rollUp(all, BUCKET_MS);
        const starts = [...new Set(all.map(({ atMs }) => atMs - (atMs % BUCKET_MS)))].toSorted((a, b) => a - b);
        expect(buckets.map((bucket) => bucket.atMs)).toEqual(starts);
        for (const bucket of buckets) {
          const inside = all
            .filter(({ atMs }) => atMs >= bucket.atMs && atMs < bucket.atMs + BUCKET_MS)
            .map(({ value }) => value);
          expect(bucket.count).toBe(inside.length);
          expect(bucket.min).toBe(Math.min(...inside));
          expect(bucket.max).toBe(Math.max(...inside));
          expect(bucket.mean).toBeCloseTo(inside.reduce((sum, value) => sum + value, 0) / inside.length, 6);
        }
      }),
    );
  });

  it('is the same by way of narrower buckets', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const direct = rollUp(all, HOUR_MS);
        const merged = mergeBuckets(rollUp(all, BUCKET_MS), HOUR_MS);
        const exact = ({ atMs, min, max, count }: Bucket) => ({ atMs, min, max, count });
        expect(merged.map(exact)).toEqual(direct.map(exact));
        for (const [index, bucket] of merged.entries())
          expect(bucket.mean).toBeCloseTo(direct[index]?.mean ?? Number.NaN, 6);
      }),
    );
  });
});

describe('resolutionFor', () => {
  it('keeps each range of the screens near a thousand points', () => {
    for (const hours of [1, 6, 24, 168, 720, 8760]) {
      const resolution = resolutionFor(hours * HOUR_MS);
      expect((hours * HOUR_MS) / (resolution === 'samples' ? 30_000 : resolution)).toBeLessThanOrEqual(1000);
    }
  });
});

describe('toColumns', () => {
  const at = (second: number) => ({ atMs: second * 1000, min: 1, max: 1, mean: 1, count: 1 });

  it('breaks the line where reports are missing, and not for one that is late', () => {
    const { timesMs, mean } = toColumns([0, 30, 60, 130, 160, 600, 630].map(at), 0);
    expect(timesMs).toEqual([0, 30, 60, 130, 160, 190, 600, 630].map((second) => second * 1000));
    expect(mean).toEqual([1, 1, 1, 1, 1, null, 1, 1]);
  });

  it('sees no gap between samples that come every quarter of an hour', () => {
    expect(toColumns([0, 900, 1800, 2700].map(at), BUCKET_MS).mean).not.toContain(null);
  });
});
