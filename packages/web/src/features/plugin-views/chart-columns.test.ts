import { expect, test } from 'vitest';
import { chartColumns } from './chart-columns.ts';

const at = (hour: number) => `2026-01-05T${String(hour).padStart(2, '0')}:00:00Z`;

test('series with times of their own share one axis, and only a null is a gap', () => {
  const { times, values } = chartColumns([
    {
      label: 'A',
      points: [
        [at(2), 3],
        [at(0), 1],
        [at(1), null],
      ],
    },
    {
      label: 'B',
      points: [
        [at(1), 7],
        [at(3), 8],
      ],
    },
  ]);
  expect(times.map((time) => (time - (times[0] ?? 0)) / 3600)).toEqual([0, 1, 2, 3]);
  expect(values).toEqual([
    [1, null, 3, undefined],
    [undefined, 7, undefined, 8],
  ]);
});

test('no point is no axis', () => {
  expect(chartColumns([{ label: 'A', points: [] }])).toEqual({ times: [], values: [[]] });
});
