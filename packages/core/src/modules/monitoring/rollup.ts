/** Samples of a stretch of time as one: what a chart draws where single samples would be too many. `atMs` is its beginning. */
export interface Bucket {
  readonly atMs: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

export const BUCKET_MS = 300_000;
export const HOUR_MS = 3_600_000;

/** Puts samples into buckets of `stepMs`, aligned to the epoch, in the order of time; empty buckets are absent. */
export function rollUp(samples: Iterable<{ readonly atMs: number; readonly value: number }>, stepMs: number): Bucket[] {
  return mergeBuckets(
    Iterator.from(samples).map(({ atMs, value }) => ({ atMs, min: value, max: value, mean: value, count: 1 })),
    stepMs,
  );
}

/** Merges buckets into wider ones. The mean is weighted by count, so that it is the mean of the samples. */
export function mergeBuckets(buckets: Iterable<Bucket>, stepMs: number): Bucket[] {
  const merged = new Map<number, { atMs: number; min: number; max: number; mean: number; count: number }>();
  for (const bucket of buckets) {
    const atMs = Math.floor(bucket.atMs / stepMs) * stepMs;
    const into = merged.get(atMs);
    if (into === undefined) merged.set(atMs, { ...bucket, atMs });
    else {
      into.count += bucket.count;
      // By the difference: a sum of many large values would lose their last digits, or overflow.
      into.mean += (bucket.mean - into.mean) * (bucket.count / into.count);
      into.min = Math.min(into.min, bucket.min);
      into.max = Math.max(into.max, bucket.max);
    }
  }
  return [...merged.values()].toSorted((a, b) => a.atMs - b.atMs);
}

/** How finely a range is read: single samples, or buckets of a width. */
export type Resolution = 'samples' | number;

/** The finest resolution that stays near a thousand points for reports each half minute: 6 h as samples, 24 h by 5 min, 7 d by 30 min, 30 d by the hour. */
export function resolutionFor(rangeMs: number): Resolution {
  if (rangeMs <= 6 * HOUR_MS) return 'samples';
  if (rangeMs <= 48 * HOUR_MS) return BUCKET_MS;
  if (rangeMs <= 10 * 24 * HOUR_MS) return 6 * BUCKET_MS;
  return HOUR_MS * Math.max(1, Math.ceil(rangeMs / (800 * HOUR_MS)));
}

/** Columns for a chart. A time whose values are null is a gap: the line must break there. */
export interface ChartColumns {
  readonly timesMs: number[];
  readonly mean: (number | null)[];
  readonly min: (number | null)[];
  readonly max: (number | null)[];
}

/**
 * Lays buckets out as columns, with a gap wherever nothing came for much longer than usual: 2.5 times the median distance, so that one late report is none.
 * @param stepMs the width of the buckets, 0 for single samples
 */
export function toColumns(buckets: readonly Bucket[], stepMs: number): ChartColumns {
  const distances = buckets.slice(1).map((bucket, index) => bucket.atMs - (buckets[index]?.atMs ?? 0));
  const usual = distances.toSorted((a, b) => a - b)[Math.floor((distances.length - 1) / 2)] ?? 0;
  const longest = Math.max(usual * 2.5, stepMs * 1.5);
  const columns: ChartColumns = { timesMs: [], mean: [], min: [], max: [] };
  const push = (atMs: number, bucket: Bucket | null): void => {
    columns.timesMs.push(atMs);
    columns.mean.push(bucket === null ? null : meaningful(bucket.mean));
    columns.min.push(bucket?.min ?? null);
    columns.max.push(bucket?.max ?? null);
  };
  let previous: Bucket | null = null;
  for (const bucket of buckets) {
    if (previous !== null && bucket.atMs - previous.atMs > longest)
      push(previous.atMs + Math.max(1, Math.min(usual, stepMs === 0 ? usual : stepMs)), null);
    push(bucket.atMs, bucket);
    previous = bucket;
  }
  return columns;
}

/** A mean without the last digits, which depend on the order of adding: the same samples read the same, sealed or not. */
function meaningful(mean: number): number {
  return Number(mean.toPrecision(12));
}
