import { Suspense, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { chartHeight, type ChartProps } from './chart-props.ts';

const Plot = lazy(() => import('./plot.tsx').then((module) => ({ default: module.Plot })));

/** Values over time. The library behind it loads with the first chart. */
export function Chart(props: ChartProps): JSX.Element {
  return (
    <figure aria-label={props.label} class="min-w-0">
      <Suspense
        fallback={<div class="breathe rounded-control bg-pressed" style={{ height: `${chartHeight(props)}px` }} />}
      >
        <Plot {...props} />
      </Suspense>
    </figure>
  );
}
