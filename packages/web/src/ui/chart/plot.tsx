import 'uplot/dist/uPlot.min.css';
import { createEffect, createSignal, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import uPlot from 'uplot';
import { isDark } from '#web/app/appearance/appearance.ts';
import { chartHeight, type ChartProps } from './chart-props.ts';

const HALF_HOUR_SECONDS = 1800;
const DAY_SECONDS = 86_400;

// A canvas does not know our tokens: a probe in the page resolves them for the theme that is drawn.
function tokenReader(host: HTMLElement): (token: string) => string {
  const style = getComputedStyle(host);
  return (token) => {
    // Even the shortest transition, which is what "less motion" leaves, would show the colour before.
    host.style.setProperty('transition', 'none', 'important');
    host.style.color = `var(--${token})`;
    const color = style.color;
    host.style.color = '';
    host.style.removeProperty('transition');
    return color;
  };
}

function drawBehind(props: ChartProps, token: (name: string) => string) {
  return (plot: uPlot): void => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = token('paused-soft');
    for (const window of props.windows ?? []) {
      const from = plot.valToPos(window.from, 'x', true);
      ctx.fillRect(from, bbox.top, plot.valToPos(window.to, 'x', true) - from, bbox.height);
    }
    ctx.setLineDash([4, 4]);
    ctx.font = `${11 * devicePixelRatio}px Inter Variable, sans-serif`;
    for (const threshold of props.thresholds ?? []) {
      const y = plot.valToPos(threshold.value, 'y', true);
      ctx.strokeStyle = token(threshold.state);
      ctx.fillStyle = token(`${threshold.state}-text`);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      const isAtTop = y - bbox.top < 14 * devicePixelRatio;
      const labelY = y + (isAtTop ? 12 : -4) * devicePixelRatio;
      ctx.fillText(threshold.label, bbox.left + 6 * devicePixelRatio, labelY);
    }
    ctx.restore();
  };
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayAndClock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function hoverTime(unixSeconds: number): string {
  return dayAndClock.format(unixSeconds * 1000);
}

/** The day where a day begins or the axis counts in days; the time of day otherwise. */
function axisTime(unixSeconds: number, stepSeconds: number): string {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(unixSeconds * 1000).toZonedDateTimeISO(
    Temporal.Now.timeZoneId(),
  );
  const isDay = stepSeconds >= DAY_SECONDS || (hour === 0 && minute === 0);
  return (isDay ? day : clock).format(unixSeconds * 1000);
}

/** From the first to the last time, with room around a single one: the library would draw that over years. */
function reachOf(times: readonly number[]): readonly [number, number] {
  const [first = 0] = times;
  const last = times.at(-1) ?? first;
  return first === last ? [first - HALF_HOUR_SECONDS, last + HALF_HOUR_SECONDS] : [first, last];
}

function colorOf(props: ChartProps, index: number): string {
  return `series-${props.series[index - 1]?.color ?? 1}`;
}

function optionsFor(props: ChartProps, host: HTMLElement): uPlot.Options {
  const token = tokenReader(host);
  const format = (value: number): string => props.formatValue?.(value) ?? Number(value.toPrecision(4)).toLocaleString();
  const axis = {
    stroke: token('muted'),
    font: '11px Inter Variable, sans-serif',
    grid: { stroke: token('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: host.clientWidth,
    height: props.heightPx ?? 180,
    scales: {
      x: { range: () => [...(props.span ?? reachOf(props.times))] },
      y: {
        range:
          props.range === undefined
            ? (_plot, _low, high) => [Math.min(0, _low), high === 0 ? 1 : high * 1.08]
            : ([...props.range] as [number, number]),
      },
    },
    axes: [
      { ...axis, values: (_plot, splits, _index, _space, step) => splits.map((at) => axisTime(at, step)) },
      { ...axis, size: 56, values: (_plot, splits) => splits.map((value) => `${format(value)} ${props.unit}`) },
    ],
    series: [
      { label: 'Time', value: (_plot, at: number | null) => (at === null ? '' : hoverTime(at)) },
      ...props.series.map((series) => {
        const color = token(`series-${series.color}`);
        return {
          label: series.label,
          stroke: color,
          width: 1.5,
          spanGaps: false,
          // Only where they stand apart: a single sample between gaps would be nothing at all.
          points: { size: 4, space: 16, fill: color },
          value: (plot: uPlot, value: number | null) => {
            if (value !== null) return `${format(value)} ${props.unit}`;
            return plot.cursor.idx === null || plot.cursor.idx === undefined ? '' : 'no data';
          },
          ...(series.isArea ? { fill: color.replace(')', ' / 0.14)') } : {}),
        };
      }),
    ],
    // A line without an area has no fill of its own, and its mark in the legend would have no colour.
    legend: { markers: { fill: (_plot, index) => (index === 0 ? 'transparent' : token(colorOf(props, index))) } },
    cursor: { y: false, points: { size: 6 } },
    hooks: { drawClear: [drawBehind(props, token)] },
  };
}

/** The canvas itself; use `Chart`. */
export function Plot(props: ChartProps): JSX.Element {
  let host!: HTMLDivElement;
  onMount(() => {
    let plot: uPlot | undefined;
    // Behind a `Suspense` this runs before the host is in the page, where it has neither a width nor colours.
    const [isPlaced, setPlaced] = createSignal(false);
    const data = (): uPlot.AlignedData => [[...props.times], ...props.series.map((series) => [...series.values])];
    createEffect(() => {
      // Colours are resolved when the chart is made, so a change of theme makes it anew.
      void isDark();
      if (!isPlaced()) return;
      plot?.destroy();
      plot = new uPlot(optionsFor(props, host), data(), host);
    });
    const observer = new ResizeObserver(() => {
      if (host.clientWidth === 0) return;
      setPlaced(true);
      plot?.setSize({ width: host.clientWidth, height: props.heightPx ?? 180 });
    });
    observer.observe(host);
    onCleanup(() => {
      observer.disconnect();
      plot?.destroy();
    });
  });
  return (
    <div
      ref={host}
      // Empty until it is placed: as high from the start, or what is below jumps up and down again.
      style={{ 'min-height': `${chartHeight(props)}px` }}
      // The library's own style sheet stands outside of the layers, where it wins over any class that does not insist.
      class="w-full min-w-0 [&_.u-legend]:text-left! [&_.u-legend]:text-[0.75rem]! [&_.u-legend]:text-muted [&_.u-legend_th]:font-normal! [&_.u-marker]:h-0.5! [&_.u-marker]:border-0! [&_.uplot]:font-sans!"
    />
  );
}
