import ChartLine from 'lucide-solid/icons/chart-line';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { choiceField, createUrlState } from '#web/app/routing/url-state.ts';
import { Chart } from '#web/ui/chart/chart.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import {
  alignColumns,
  groupCharts,
  thresholdsOf,
  type DrawnCheck,
  type ChartGroup,
  type Range,
} from './chart-groups.ts';

const RANGES = [
  { value: '1h', label: '1 hour', hours: 1 },
  { value: '6h', label: '6 hours', hours: 6 },
  { value: '24h', label: '24 hours', hours: 24 },
  { value: '7d', label: '7 days', hours: 168 },
  { value: '30d', label: '30 days', hours: 720 },
] as const;
const RANGE_WORDS = RANGES.map(({ value }) => value);
/** As often as agents report. */
const REFETCH_MS = 30_000;
/** As many as the server answers at once. */
const SERIES_A_REQUEST = 40;

/** What a machine measured, over a range that stands in the URL. */
export function MetricCharts(props: { assetId: string; assetName: string }): JSX.Element {
  const [state, setState] = createUrlState({ range: choiceField(RANGE_WORDS, '24h') });
  const range = (): (typeof RANGES)[number] => RANGES.find(({ value }) => value === state.range) ?? RANGES[2];
  const series = createRecordQuery({
    key: () => ['metric', 'one', props.assetId, 'series'],
    fetch: (signal) => api.monitoring.listSeries.query({ assetId: props.assetId as never }, { signal }),
  });
  const checks = createRecordQuery({
    key: () => ['check', 'one', props.assetId],
    fetch: (signal) => api.monitoring.listAssetChecks.query({ assetId: props.assetId as never }, { signal }),
  });
  const groups = (): ChartGroup[] => groupCharts(series.value() ?? []);
  const samples = createRecordQuery({
    key: () => ['metric', 'one', props.assetId, 'range', range().value, groups().length],
    isEnabled: () => groups().length > 0,
    refetchEveryMs: REFETCH_MS,
    fetch: (signal) => fetchRange(props.assetId, groups(), range().hours, signal),
  });
  return (
    <section aria-label="Metrics" class="px-4 py-3.5">
      <div class="mb-3 flex border-b border-line">
        <Tabs
          label="Range"
          items={RANGES.map(({ value, label }) => ({ value, label }))}
          value={state.range}
          onChange={(value) => setState({ range: value as (typeof RANGE_WORDS)[number] })}
        />
      </div>
      <Show when={series.problem() ?? samples.problem()}>
        {(problem) => (
          <ErrorState
            title="The metrics could not be loaded"
            problem={problem()}
            onRetry={series.problem() === undefined ? samples.retry : series.retry}
          />
        )}
      </Show>
      <Show when={series.isLoading()}>
        <SkeletonText lines={6} />
      </Show>
      <Show when={series.value()?.length === 0}>
        <EmptyState icon={ChartLine} title="Nothing measured yet">
          The agent reports processors, memory, disks and network each half minute, from the moment it is enrolled.
        </EmptyState>
      </Show>
      <div class="grid grid-cols-1 gap-x-8 gap-y-5 xl:grid-cols-2">
        <For each={groups()}>
          {(group) => (
            <GroupChart
              group={group}
              samples={samples.value()}
              checks={checks.value() ?? []}
              label={`${group.title} of ${props.assetName}, last ${range().label}`}
            />
          )}
        </For>
      </div>
    </section>
  );
}

/** One chart with its title and thresholds. */
export function GroupChart(props: {
  group: ChartGroup;
  samples: Range | undefined;
  checks: readonly DrawnCheck[];
  label: string;
}): JSX.Element {
  const aligned = () => {
    const wanted = new Set(props.group.lines.map((line) => line.series));
    return alignColumns(props.samples?.series.filter((column) => wanted.has(column.series)) ?? [], props.group.divisor);
  };
  return (
    <div class="min-w-0">
      <h3 class="mb-1 truncate-line font-medium">{props.group.title}</h3>
      <Show when={props.samples} fallback={<div class="h-[206px] breathe rounded-control bg-pressed" />}>
        <Chart
          label={props.label}
          times={aligned().times}
          unit={props.group.unit}
          range={props.group.range}
          thresholds={thresholdsOf(props.group, props.checks)}
          series={props.group.lines.map((line, index) => ({
            label: line.label,
            color: line.color,
            isArea: props.group.isArea,
            values: aligned().values[index] ?? [],
          }))}
        />
      </Show>
    </div>
  );
}

async function fetchRange(
  assetId: string,
  groups: readonly ChartGroup[],
  hours: number,
  signal: AbortSignal,
): Promise<Range> {
  const to = Temporal.Now.instant();
  const from = to.subtract({ hours });
  const series = groups.flatMap((group) => group.lines.map((line) => line.series));
  const parts = [];
  for (let at = 0; at < series.length; at += SERIES_A_REQUEST) parts.push(series.slice(at, at + SERIES_A_REQUEST));
  const answers = await Promise.all(
    parts.map((part) =>
      api.monitoring.readRange.query(
        { assetId: assetId as never, series: part, from: from.toString(), to: to.toString() },
        { signal },
      ),
    ),
  );
  return { stepSeconds: answers[0]?.stepSeconds ?? 0, series: answers.flatMap((answer) => answer.series) };
}
