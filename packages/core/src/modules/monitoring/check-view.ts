import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import { assetIdSchema } from '#modules/assets';
import { CHECK_KINDS, COMPARISONS, SEVERITIES } from './check.ts';
import type { CheckRow, OverrideRow } from './check-rules.ts';

/** The id of a check, in inputs and outputs. */
export const checkIdSchema = idSchema('check');
export const overrideIdSchema = idSchema('check-override');

const number = z.number({ error: 'must be a finite number' });
export const metricSchema = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}$/, { error: 'must be a metric such as cpu.usage_percent' });
export const labelsSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, { error: 'must be a label such as mount' }), text({ max: 200 }))
  .refine((labels) => Object.keys(labels).length <= 8, { error: 'must have at most 8 labels' });
export const forSecondsSchema = z
  .int()
  .min(0, { error: 'must not be negative' })
  .max(604_800, { error: 'must be at most a week' });

/** What a threshold check asks. */
export const ruleFields = {
  metric: metricSchema,
  labels: labelsSchema.default({}),
  comparison: z.enum(COMPARISONS),
  threshold: number,
  recoverThreshold: number,
  forSeconds: forSecondsSchema,
};

export const overrideView = z.object({
  id: overrideIdSchema,
  checkId: checkIdSchema,
  clientId: clientIdSchema,
  assetId: assetIdSchema.nullable(),
  isEnabled: z.boolean(),
  threshold: z.number().nullable(),
  recoverThreshold: z.number().nullable(),
  forSeconds: z.int().nullable(),
  severity: z.enum(SEVERITIES).nullable(),
});

export const checkView = z.object({
  id: checkIdSchema,
  name: z.string(),
  kind: z.enum(CHECK_KINDS),
  metric: z.string(),
  labels: z.record(z.string(), z.string()),
  comparison: z.enum(COMPARISONS),
  threshold: z.number(),
  recoverThreshold: z.number(),
  forSeconds: z.int(),
  severity: z.enum(SEVERITIES),
  isEnabled: z.boolean(),
  version: z.int(),
  overrides: z.array(overrideView),
});
export type CheckView = z.input<typeof checkView>;

export function toCheckView(row: CheckRow, overrides: readonly OverrideRow[]): CheckView {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    metric: row.metric,
    labels: { ...row.labels },
    comparison: row.comparison,
    threshold: row.threshold,
    recoverThreshold: row.recover_threshold,
    forSeconds: row.for_seconds,
    severity: row.severity,
    isEnabled: row.is_enabled,
    version: row.version,
    overrides: overrides.map((override) => ({
      id: override.id,
      checkId: override.check_id,
      clientId: override.client_id,
      assetId: override.asset_id,
      isEnabled: override.is_enabled,
      threshold: override.threshold,
      recoverThreshold: override.recover_threshold,
      forSeconds: override.for_seconds,
      severity: override.severity,
    })),
  };
}
