import type { BlockOf } from './view-words.ts';

interface ChartColumns {
  /** Unix seconds, ascending. */
  readonly times: number[];
  /** One for each series: null is a gap, undefined a time that only another series has. */
  readonly values: (number | null | undefined)[][];
}

/** Series with times of their own, on one axis. Of two points of one time the later listed counts. */
export function chartColumns(series: BlockOf<'chart'>['series']): ChartColumns {
  const columns = series.map(({ points }) => new Map(points.map(([at, value]) => [secondsOf(at), value])));
  const times = [...new Set(columns.flatMap((column) => [...column.keys()]))].toSorted((a, b) => a - b);
  return { times, values: columns.map((column) => times.map((time) => column.get(time))) };
}

function secondsOf(at: string): number {
  return Temporal.Instant.from(at).epochMilliseconds / 1000;
}
