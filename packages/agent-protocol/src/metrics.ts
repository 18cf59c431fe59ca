import { z } from 'zod';
import { ProtocolError } from './protocol-error.ts';

/** The unit of a metric, for axes and thresholds. */
export type MetricUnit =
  | 'percent'
  | 'bytes'
  | 'bytes_per_second'
  | 'operations_per_second'
  | 'packets_per_second'
  | 'seconds'
  | 'count'
  | 'load';

/** What one metric means. */
export interface MetricDescription {
  readonly unit: MetricUnit;
  readonly labels: readonly string[];
  readonly description: string;
}

/**
 * The metrics that our own agent reports. Rates are means over the time since the sample before. A server also takes names that are not here, as long as
 * they have the same form.
 */
export const METRICS = {
  'cpu.usage_percent': {
    unit: 'percent',
    labels: [],
    description: 'Time that all processors were busy, of the time they had',
  },
  'cpu.user_percent': { unit: 'percent', labels: [], description: 'Time in user code, nice included' },
  'cpu.system_percent': { unit: 'percent', labels: [], description: 'Time in the kernel, interrupts included' },
  'cpu.iowait_percent': { unit: 'percent', labels: [], description: 'Time idle while waiting for a disk' },
  'cpu.steal_percent': { unit: 'percent', labels: [], description: 'Time that the hypervisor gave to others' },
  'load.average_1m': { unit: 'load', labels: [], description: 'Runnable and waiting processes, 1 minute' },
  'load.average_5m': { unit: 'load', labels: [], description: 'Runnable and waiting processes, 5 minutes' },
  'load.average_15m': { unit: 'load', labels: [], description: 'Runnable and waiting processes, 15 minutes' },
  'memory.total_bytes': { unit: 'bytes', labels: [], description: 'Memory of the machine' },
  'memory.used_bytes': { unit: 'bytes', labels: [], description: 'Total less available' },
  'memory.available_bytes': { unit: 'bytes', labels: [], description: 'What programs can have without swapping' },
  'memory.used_percent': { unit: 'percent', labels: [], description: 'Used of total' },
  'swap.total_bytes': { unit: 'bytes', labels: [], description: 'Swap space' },
  'swap.used_bytes': { unit: 'bytes', labels: [], description: 'Swap space in use' },
  'filesystem.size_bytes': { unit: 'bytes', labels: ['mount'], description: 'Size of a file system' },
  'filesystem.used_bytes': { unit: 'bytes', labels: ['mount'], description: 'Space in use' },
  'filesystem.available_bytes': {
    unit: 'bytes',
    labels: ['mount'],
    description: 'Space for programs without privilege',
  },
  'filesystem.used_percent': {
    unit: 'percent',
    labels: ['mount'],
    description: 'Used of used and available, as df counts',
  },
  'filesystem.inodes_used_percent': { unit: 'percent', labels: ['mount'], description: 'Inodes in use' },
  'disk.read_bytes_per_second': { unit: 'bytes_per_second', labels: ['device'], description: 'Read from a disk' },
  'disk.written_bytes_per_second': { unit: 'bytes_per_second', labels: ['device'], description: 'Written to a disk' },
  'disk.read_operations_per_second': {
    unit: 'operations_per_second',
    labels: ['device'],
    description: 'Reads completed',
  },
  'disk.write_operations_per_second': {
    unit: 'operations_per_second',
    labels: ['device'],
    description: 'Writes completed',
  },
  'disk.busy_percent': {
    unit: 'percent',
    labels: ['device'],
    description: 'Time with at least one operation under way',
  },
  'network.received_bytes_per_second': { unit: 'bytes_per_second', labels: ['interface'], description: 'Received' },
  'network.sent_bytes_per_second': { unit: 'bytes_per_second', labels: ['interface'], description: 'Sent' },
  'network.received_packets_per_second': {
    unit: 'packets_per_second',
    labels: ['interface'],
    description: 'Packets received',
  },
  'network.sent_packets_per_second': { unit: 'packets_per_second', labels: ['interface'], description: 'Packets sent' },
  'network.errors_per_second': {
    unit: 'packets_per_second',
    labels: ['interface'],
    description: 'Packets lost to errors or dropped, both ways',
  },
  'process.count': { unit: 'count', labels: [], description: 'Processes' },
  'system.uptime_seconds': { unit: 'seconds', labels: [], description: 'Since the machine started' },
  'agent.spool_bytes': { unit: 'bytes', labels: [], description: 'Reports that wait for the server' },
  'agent.memory_bytes': { unit: 'bytes', labels: [], description: 'Resident memory of the agent itself' },
} as const satisfies Record<string, MetricDescription>;

/** The name of a metric that our agent reports. */
export type MetricName = keyof typeof METRICS;

/** A series: a metric and, where there are several of the thing, which one. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}$/;
const LABEL = /([a-z][a-z0-9_]{0,31})="((?:[^"\\]|\\["\\])*)"(,|$)/y;
const MAX_LABELS = 8;
const MAX_LABEL_VALUE = 200;
const MAX_NAME = 100;

/** The one text of a series: `filesystem.used_percent{mount="/var"}`, labels in the order of their names, `"` and `\` escaped. */
export function formatSeries(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const keys = Object.keys(labels).toSorted();
  if (keys.length === 0) return name;
  return `${name}{${keys.map((key) => `${key}="${(labels[key] ?? '').replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;
}

/** Reads the text of a series. Throws `agent.bad-series` for anything that `formatSeries` would not write. */
export function parseSeries(text: string): Series {
  const series = tryParse(text);
  if (series === undefined || formatSeries(series.name, series.labels) !== text)
    throw new ProtocolError('agent.bad-series', 'must be a metric such as filesystem.used_percent{mount="/"}');
  return series;
}

function tryParse(text: string): Series | undefined {
  const brace = text.indexOf('{');
  const name = brace < 0 ? text : text.slice(0, brace);
  if (name.length > MAX_NAME || !NAME.test(name)) return undefined;
  if (brace < 0) return { name, labels: {} };
  if (!text.endsWith('}')) return undefined;
  const inner = text.slice(brace + 1, -1);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  for (let count = 0; LABEL.lastIndex < inner.length; count += 1) {
    const match = LABEL.exec(inner);
    const value = match?.[2]?.replaceAll(/\\(["\\])/g, '$1');
    if (match?.[1] === undefined || value === undefined || count >= MAX_LABELS || value.length > MAX_LABEL_VALUE)
      return undefined;
    labels[match[1]] = value;
    if (LABEL.lastIndex >= inner.length && match[3] === ',') return undefined;
  }
  return { name, labels };
}

/** The schema of a series' text. */
export const seriesSchema = z
  .string()
  .max(1_000, { error: 'must have at most 1000 characters' })
  .refine((text) => text.isWellFormed() && !text.includes('\0'), {
    error: 'must not contain a NUL character or an unpaired surrogate',
  })
  .refine(isSeries, { error: 'must be a metric such as filesystem.used_percent{mount="/"}' });

/** Parsing each text of each report again would cost more than all the rest of its check; the same few names come every 30 s. */
const known = new Set<string>();
const MAX_KNOWN = 50_000;

function isSeries(text: string): boolean {
  if (known.has(text)) return true;
  const series = tryParse(text);
  if (series === undefined || formatSeries(series.name, series.labels) !== text) return false;
  if (known.size >= MAX_KNOWN) known.clear();
  known.add(text);
  return true;
}
