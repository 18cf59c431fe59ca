import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { ChartProps, ChartSeries } from '#web/ui/chart/chart-props.ts';

type Outputs = inferRouterOutputs<AppRouter>['monitoring'];
export type SeriesEntry = Outputs['listSeries'][number];
export type Range = Outputs['readRange'];
/** As much of a check as a chart draws. */
export type DrawnCheck = Pick<Outputs['listAssetChecks'][number], 'name' | 'metric' | 'threshold' | 'severity'>;

type Color = ChartSeries['color'];

/** One line of a chart. */
export interface Line {
  readonly series: string;
  readonly label: string;
  readonly color: Color;
}

/** One chart of a machine: lines that share an axis. */
export interface ChartGroup {
  readonly title: string;
  readonly unit: string;
  /** What a value is divided by to be shown in the unit. */
  readonly divisor: number;
  readonly range: readonly [number, number] | undefined;
  readonly isArea: boolean;
  readonly lines: readonly Line[];
}

interface Plan {
  readonly title: string;
  readonly unit: string;
  readonly divisor?: number;
  readonly range?: readonly [number, number];
  readonly isArea?: boolean;
  /** Metric → what its line is called; with a label of the series, that label's value is added. */
  readonly metrics: Readonly<Record<string, string>>;
}

const MEBIBYTE = 1024 * 1024;
const PERCENT = { unit: '%', range: [0, 100] } as const;

// The order is the page's; a metric keeps its colour by its place here, so that "received" is the same on every machine.
const PLANS: readonly Plan[] = [
  {
    title: 'Processors',
    ...PERCENT,
    isArea: true,
    metrics: {
      'cpu.usage_percent': 'busy',
      'cpu.iowait_percent': 'waiting for disks',
      'cpu.steal_percent': 'taken by the host',
    },
  },
  { title: 'Memory', ...PERCENT, isArea: true, metrics: { 'memory.used_percent': 'used' } },
  {
    title: 'Load',
    unit: '',
    metrics: { 'load.average_1m': '1 min', 'load.average_5m': '5 min', 'load.average_15m': '15 min' },
  },
  { title: 'File systems', ...PERCENT, metrics: { 'filesystem.used_percent': '' } },
  {
    title: 'Disks',
    unit: 'MiB/s',
    divisor: MEBIBYTE,
    metrics: { 'disk.read_bytes_per_second': 'read', 'disk.written_bytes_per_second': 'written' },
  },
  { title: 'Disk time', ...PERCENT, metrics: { 'disk.busy_percent': 'busy' } },
  {
    title: 'Network',
    unit: 'MiB/s',
    divisor: MEBIBYTE,
    metrics: { 'network.received_bytes_per_second': 'received', 'network.sent_bytes_per_second': 'sent' },
  },
];

/** More lines in one chart cannot be told apart. */
const MAX_LINES = 8;

/** The charts of a machine that reports these series; a chart without any is left out. */
export function groupCharts(entries: readonly SeriesEntry[]): ChartGroup[] {
  return PLANS.flatMap((plan) => {
    const found = Object.entries(plan.metrics).flatMap(([metric, word]) =>
      entries
        .filter((entry) => entry.name === metric)
        .map((entry) => ({ series: entry.series, label: labelOf(word, Object.values(entry.labels)) })),
    );
    if (found.length === 0) return [];
    const lines = found
      .slice(0, MAX_LINES)
      .map((line, index) => ({ ...line, color: ((index % MAX_LINES) + 1) as Color }));
    return [
      {
        title: plan.title,
        unit: plan.unit,
        divisor: plan.divisor ?? 1,
        range: plan.range,
        isArea: plan.isArea === true && lines.length === 1,
        lines,
      },
    ];
  });
}

/** A chart of one series, for where an alert shows what it is about. */
export function chartOfSeries(series: string): ChartGroup {
  const metric = series.split('{')[0] ?? series;
  const plan = PLANS.find((candidate) => Object.hasOwn(candidate.metrics, metric));
  return {
    title: series,
    unit: plan?.unit ?? '',
    divisor: plan?.divisor ?? 1,
    range: plan?.range,
    isArea: true,
    lines: [{ series, label: series, color: 1 }],
  };
}

function labelOf(word: string, values: readonly string[]): string {
  return [...values, word].filter((part) => part !== '').join(' ');
}

/** Columns that share their times, as a chart wants them: a time that a series has no point at repeats nothing, and a gap stays one. */
export function alignColumns(
  columns: readonly Range['series'][number][],
  divisor: number,
): { times: number[]; values: (number | null)[][] } {
  const times = [...new Set(columns.flatMap((column) => column.times))].toSorted((a, b) => a - b);
  const values = columns.map((column) => {
    const byTime = new Map(column.times.map((time, index) => [time, column.mean[index] ?? null]));
    return times.map((time) => {
      const value = byTime.get(time);
      return value === undefined || value === null ? null : value / divisor;
    });
  });
  return { times, values };
}

/** The thresholds of the checks that watch a chart's lines. */
export function thresholdsOf(group: ChartGroup, checks: readonly DrawnCheck[]): NonNullable<ChartProps['thresholds']> {
  const metrics = new Set(group.lines.map((line) => line.series.split('{')[0]));
  return checks
    .filter((check) => metrics.has(check.metric))
    .map((check) => ({
      value: check.threshold / group.divisor,
      label: `${check.name}: ${(check.threshold / group.divisor).toLocaleString()}`,
      state: check.severity === 'critical' ? ('critical' as const) : ('warning' as const),
    }));
}
