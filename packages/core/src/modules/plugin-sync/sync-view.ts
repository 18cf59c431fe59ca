import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { alertIdSchema } from '#modules/alerts';
import { assetIdSchema } from '#modules/assets';
import { connectionIdSchema } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import { entityIdSchema, streamIdSchema } from './entity.ts';

/** A record that a plugin has read. */
export const recordView = z.object({
  id: entityIdSchema,
  /** Null in quarantine. */
  clientId: clientIdSchema.nullable(),
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema,
  /** `device`, `licence`, `x:acme/probe`. */
  entity: z.string(),
  /** Its id at the vendor. */
  externalId: z.string(),
  name: z.string(),
  data: z.record(z.string(), z.unknown()),
  observed: z.record(z.string(), z.unknown()),
  firstSeenAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  /** When the vendor no longer listed it. */
  deletedAt: z.iso.datetime().nullable(),
  /** Why it could not be applied to assets, alerts or metrics. */
  landingProblem: z.string().nullable(),
  assetId: assetIdSchema.nullable(),
  alertId: alertIdSchema.nullable(),
});
export type RecordView = z.input<typeof recordView>;

/** What a record was at a time. */
export const recordVersionView = z.object({
  at: z.iso.datetime(),
  kind: z.enum(['added', 'changed', 'deleted']),
  data: z.record(z.string(), z.unknown()),
});

/** A stream of a connection, or of one of its scopes, and how it does. */
export const streamView = z.object({
  id: streamIdSchema,
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.nullable(),
  clientId: clientIdSchema.nullable(),
  name: z.string(),
  entity: z.string(),
  isPaused: z.boolean(),
  isRunning: z.boolean(),
  everySeconds: z.int().nullable(),
  nextAt: z.iso.datetime(),
  lastStartedAt: z.iso.datetime().nullable(),
  lastSuccessAt: z.iso.datetime().nullable(),
  /** Failures in a row. */
  failures: z.int(),
  failure: z.string().nullable(),
  message: z.string().nullable(),
  /** Records that are there now. */
  liveCount: z.int(),
  /** So many would have been deleted; a person decides. */
  heldBack: z.int().nullable(),
  version: z.int(),
});
export type StreamView = z.input<typeof streamView>;

/** One pass of a stream. */
export const runView = z.object({
  id: z.string(),
  streamId: streamIdSchema,
  name: z.string(),
  scopeId: remoteScopeIdSchema.nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  outcome: z.enum(['running', 'succeeded', 'held-back', 'failed', 'stopped']),
  failure: z.string().nullable(),
  message: z.string().nullable(),
  batches: z.int(),
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  deleted: z.int(),
  refused: z.int(),
  refusals: z.array(z.object({ id: z.string(), scope: z.string(), reason: z.string() })),
});
export type RunView = z.input<typeof runView>;
