import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { assetIdSchema } from '#modules/assets';
import { checkIdSchema, SEVERITIES } from '#modules/monitoring';
import type { AlertEventRow, AlertRow } from './alert-store.ts';

/** The id of an alert, in inputs and outputs. */
export const alertIdSchema = idSchema('alert');
export const ALERT_STATES = ['open', 'acknowledged', 'recovered'] as const;

/** An alert as it leaves the server. */
export const alertView = z.object({
  id: alertIdSchema,
  clientId: clientIdSchema,
  assetId: assetIdSchema.nullable(),
  assetName: z.string().nullable(),
  checkId: checkIdSchema.nullable(),
  /** What makes two alerts the same problem. */
  fingerprint: z.string(),
  source: z.string(),
  title: z.string(),
  message: z.string(),
  /** The series behind it, or an empty text. */
  series: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(ALERT_STATES),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  occurrenceCount: z.int(),
  openedAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  acknowledgedAt: z.iso.datetime().nullable(),
  acknowledgedBy: z.string().nullable(),
  recoveredAt: z.iso.datetime().nullable(),
  version: z.int(),
});
/** An alert, as it leaves the server. */
export type AlertView = z.input<typeof alertView>;

export const alertDetailView = alertView.extend({
  /** The newest first. */
  timeline: z.array(
    z.object({
      kind: z.enum(['raised', 'repeated', 'acknowledged', 'recovered']),
      at: z.iso.datetime(),
      message: z.string(),
      value: z.number().nullable(),
      actorLabel: z.string(),
    }),
  ),
});
/** An alert with its timeline, as it leaves the server. */
export type AlertDetailView = z.input<typeof alertDetailView>;

export function toAlertView(row: AlertRow, assetName: string | null): AlertView {
  return {
    id: row.id,
    clientId: row.client_id,
    assetId: row.asset_id,
    assetName,
    checkId: row.check_id,
    fingerprint: row.fingerprint,
    source: row.source,
    title: row.title,
    message: row.message,
    series: row.series,
    severity: row.severity,
    state: row.state,
    value: row.value,
    threshold: row.threshold,
    occurrenceCount: row.occurrence_count,
    openedAt: row.opened_at.toString(),
    lastSeenAt: row.last_seen_at.toString(),
    acknowledgedAt: row.acknowledged_at?.toString() ?? null,
    acknowledgedBy: row.acknowledged_by,
    recoveredAt: row.recovered_at?.toString() ?? null,
    version: row.version,
  };
}

export function toTimeline(rows: readonly AlertEventRow[]): AlertDetailView['timeline'] {
  return rows.map((row) => ({
    kind: row.kind,
    at: row.at.toString(),
    message: row.message,
    value: row.value,
    actorLabel: row.actor_label,
  }));
}
