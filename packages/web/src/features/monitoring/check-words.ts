import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';

type Outputs = inferRouterOutputs<AppRouter>['monitoring'];
export type Check = Outputs['listChecks'][number];
export type Preview = Outputs['previewCheck'];

/** `600` → `10 min`. */
export function duration(seconds: number): string {
  if (seconds === 0) return 'at once';
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** What a check asks, as a sentence. */
export function ruleOf(
  check: Pick<Check, 'kind' | 'metric' | 'labels' | 'comparison' | 'threshold' | 'forSeconds'>,
): string {
  if (check.kind === 'absence') return `no report for ${duration(check.forSeconds)}`;
  const labels = Object.entries(check.labels).map(([name, value]) => `${name} ${value}`);
  const where = labels.length === 0 ? '' : ` of ${labels.join(', ')}`;
  const time = check.forSeconds === 0 ? '' : ` for ${duration(check.forSeconds)}`;
  return `${check.metric}${where} ${check.comparison} ${check.threshold.toLocaleString()}${time}`;
}

/** What a preview says: `Would have fired 12 times in the last 7 days, on 3 machines.` */
export function previewWords(preview: Preview): string {
  const looked =
    preview.series < preview.seriesInAll
      ? ` (the first ${preview.series.toLocaleString()} of ${preview.seriesInAll.toLocaleString()} series)`
      : '';
  if (preview.seriesInAll === 0) return 'No machine reports this metric.';
  if (preview.fired === 0) return `Would not have fired in the last ${preview.days} days${looked}.`;
  const times = preview.fired === 1 ? 'once' : `${preview.fired.toLocaleString()} times`;
  const machines = preview.assets === 1 ? '1 machine' : `${preview.assets.toLocaleString()} machines`;
  return `Would have fired ${times} in the last ${preview.days} days, on ${machines}${looked}.`;
}
