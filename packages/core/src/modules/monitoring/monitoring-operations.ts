import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { assetIdSchema } from '#modules/assets';
import {
  createCheckInput,
  deleteCheckInput,
  deleteOverrideInput,
  setOverrideInput,
  updateCheckInput,
  type ChangeChecks,
} from './change-checks.ts';
import type { CheckQueries } from './check-queries.ts';
import { COMPARISONS, SEVERITIES } from './check.ts';
import { checkIdSchema, checkView, overrideIdSchema } from './check-view.ts';
import { listSeriesInput, rangeInput, rangeView, seriesView, type MetricQueries } from './metric-queries.ts';
import { previewCheckInput, previewView, type PreviewCheck } from './preview-check.ts';

interface Needs {
  readonly metrics: MetricQueries;
  readonly checks: CheckQueries;
  readonly changes: ChangeChecks;
  readonly preview: PreviewCheck;
}

const assetCheckView = z.object({
  id: checkIdSchema,
  name: z.string(),
  metric: z.string(),
  labels: z.record(z.string(), z.string()),
  comparison: z.enum(COMPARISONS),
  threshold: z.number(),
  severity: z.enum(SEVERITIES),
});
const done = z.object({});

/** What the outside may ask of this module. */
export function monitoringOperations({ metrics, checks, changes, preview }: Needs) {
  return {
    ...metricOperations(metrics),
    listChecks: defineQuery({
      name: 'monitoring.list-checks',
      permission: 'monitoring.read-metrics',
      input: z.object({}),
      output: z.array(checkView),
      rest: { method: 'GET', path: '/checks', summary: 'Checks with their exceptions' },
      run: (scope) => checks.list(scope),
    }),
    listAssetChecks: defineQuery({
      name: 'monitoring.list-asset-checks',
      permission: 'monitoring.read-metrics',
      input: z.object({ assetId: assetIdSchema }),
      output: z.array(assetCheckView),
      rest: { method: 'GET', path: '/assets/{assetId}/checks', summary: 'Threshold checks that hold for an asset' },
      run: async (scope, { assetId }) =>
        (await checks.ofAsset(scope, assetId))
          .filter(({ kind }) => kind === 'threshold')
          .map((check) => ({ ...check, labels: { ...check.labels } })),
    }),
    previewCheck: defineQuery({
      name: 'monitoring.preview-check',
      permission: 'monitoring.read-metrics',
      input: previewCheckInput,
      output: previewView,
      run: (scope, input) => preview.run(scope, input),
    }),
    ...changeOperations(changes),
  };
}

function metricOperations(metrics: MetricQueries) {
  return {
    listSeries: defineQuery({
      name: 'monitoring.list-series',
      permission: 'monitoring.read-metrics',
      input: listSeriesInput,
      output: z.array(seriesView),
      rest: { method: 'GET', path: '/assets/{assetId}/series', summary: 'Series that an asset reports' },
      run: async (scope, input) =>
        (await metrics.series(scope, input.assetId)).map((entry) => ({ ...entry, labels: { ...entry.labels } })),
    }),
    readRange: defineQuery({
      name: 'monitoring.read-range',
      permission: 'monitoring.read-metrics',
      input: rangeInput,
      output: rangeView,
      rest: {
        method: 'GET',
        path: '/assets/{assetId}/samples',
        summary: 'Samples of an asset as columns, as fine as the range allows',
      },
      run: (scope, input) => metrics.range(scope, input),
    }),
  };
}

function changeOperations(changes: ChangeChecks) {
  return {
    createCheck: defineCommand({
      name: 'monitoring.create-check',
      permission: 'monitoring.manage-checks',
      input: createCheckInput,
      output: z.object({ checkId: checkIdSchema }),
      rest: { method: 'POST', path: '/checks', summary: 'Add a threshold check' },
      run: (scope, input) => changes.create(scope, input),
    }),
    updateCheck: defineCommand({
      name: 'monitoring.update-check',
      permission: 'monitoring.manage-checks',
      input: updateCheckInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PATCH', path: '/checks/{checkId}', summary: 'Change a check' },
      run: (scope, input) => changes.update(scope, input),
    }),
    deleteCheck: defineCommand({
      name: 'monitoring.delete-check',
      permission: 'monitoring.manage-checks',
      input: deleteCheckInput,
      output: done,
      rest: { method: 'DELETE', path: '/checks/{checkId}', summary: 'Remove a check' },
      run: async (scope, input) => {
        await changes.delete(scope, input.checkId);
        return {};
      },
    }),
    setOverride: defineCommand({
      name: 'monitoring.set-override',
      permission: 'monitoring.manage-checks',
      input: setOverrideInput,
      output: z.object({ overrideId: overrideIdSchema }),
      rest: {
        method: 'PUT',
        path: '/checks/{checkId}/overrides',
        summary: 'Set the exception of a client or a machine',
      },
      run: (scope, input) => changes.setOverride(scope, input),
    }),
    deleteOverride: defineCommand({
      name: 'monitoring.delete-override',
      permission: 'monitoring.manage-checks',
      input: deleteOverrideInput,
      output: done,
      rest: { method: 'DELETE', path: '/check-overrides/{overrideId}', summary: 'Remove an exception' },
      run: async (scope, input) => {
        await changes.deleteOverride(scope, input.overrideId);
        return {};
      },
    }),
  };
}
