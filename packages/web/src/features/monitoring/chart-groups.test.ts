import { describe, expect, it } from 'vitest';
import { alignColumns, groupCharts, type SeriesEntry } from './chart-groups.ts';

const entry = (name: string, labels: Record<string, string> = {}): SeriesEntry => ({
  series:
    Object.keys(labels).length === 0
      ? name
      : `${name}{${Object.entries(labels)
          .map(([key, value]) => `${key}="${value}"`)
          .join(',')}}`,
  name,
  labels,
  unit: null,
});

describe('groupCharts', () => {
  it('puts what shares an axis into one chart, with the same colour for the same thing', () => {
    const entries = [
      entry('network.sent_bytes_per_second', { interface: 'eth0' }),
      entry('network.received_bytes_per_second', { interface: 'eth0' }),
      entry('cpu.usage_percent'),
      entry('system.uptime_seconds'),
    ];
    const charts = groupCharts(entries);
    expect(charts.map((chart) => chart.title)).toEqual(['Processors', 'Network']);
    expect(charts[1]?.lines.map((line) => [line.label, line.color])).toEqual([
      ['eth0 received', 1],
      ['eth0 sent', 2],
    ]);
    expect(groupCharts(entries.toReversed())[1]?.lines).toEqual(charts[1]?.lines);
  });
});

describe('alignColumns', () => {
  it('keeps gaps, and gives every line the same times', () => {
    const column = (times: number[], mean: (number | null)[]) => ({ series: 's', times, mean, min: [], max: [] });
    expect(alignColumns([column([1, 2, 4], [10, null, 30]), column([1, 3], [2, 4])], 2)).toEqual({
      times: [1, 2, 3, 4],
      values: [
        [5, null, null, 15],
        [1, null, 2, null],
      ],
    });
  });
});
