/**
 * What machines measure: samples with their roll-ups, and the checks that judge them.
 * Owns: all tables whose names begin with `metric_` or `monitoring_`.
 * Needs: a `BreachSink`.
 */
export { monitoringModule } from './monitoring-module.ts';
export { AppendSamples, type AppendSamplesInput, type AppendSamplesResult } from './append-samples.ts';
export { BreachSinkToken } from './breach-sink-token.ts';
export { SEVERITIES, type Severity } from './check.ts';
export { checkIdSchema } from './check-view.ts';
export { MetricQueries } from './metric-queries.ts';
export type { Breach, BreachSink, Recovery, WatchedThing } from './monitoring-needs.ts';
export type { CheckId } from './monitoring-table.ts';
export type { Report } from './sample-store.ts';
export { SealReports } from './seal-reports.ts';
export { SweepChecks } from './sweep-checks.ts';
