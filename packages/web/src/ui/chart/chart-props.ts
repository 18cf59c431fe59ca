export interface ChartSeries {
  readonly label: string;
  /** One for each time; null is a gap and is drawn as one. Undefined is a time that only another series has. */
  readonly values: readonly (number | null | undefined)[];
  /** 1 to 8; the same thing keeps its number on one page. */
  readonly color: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  readonly isArea?: boolean | undefined;
}

export interface ChartProps {
  /** Said to screen readers: "CPU of FS-LDS-01, last 24 hours". */
  readonly label: string;
  /** Unix seconds, ascending. */
  readonly times: readonly number[];
  /** What the axis reaches over, in unix seconds; without it from the first to the last time. */
  readonly span?: readonly [from: number, to: number] | undefined;
  readonly series: readonly ChartSeries[];
  /** As on the axis and in the legend: `%`, `MiB/s`. */
  readonly unit: string;
  readonly formatValue?: ((value: number) => string) | undefined;
  /** A fixed scale, such as 0 to 100 for per cent; otherwise from zero to what is there. */
  readonly range?: readonly [number, number] | undefined;
  readonly thresholds?:
    | readonly { readonly value: number; readonly label: string; readonly state: 'warning' | 'critical' }[]
    | undefined;
  /** Drawn behind: maintenance, in unix seconds. */
  readonly windows?: readonly { readonly from: number; readonly to: number; readonly label: string }[] | undefined;
  readonly heightPx?: number | undefined;
}

const LEGEND_PX = 26;

/** The height of a chart with one line of legend, in pixels. */
export function chartHeight(props: Pick<ChartProps, 'heightPx'>): number {
  return (props.heightPx ?? 180) + LEGEND_PX;
}
