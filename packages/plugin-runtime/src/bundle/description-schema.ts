import { z } from 'zod';
import type { PluginDescription } from '../description.ts';
import { authSchema, headersSchema, limitSchema, verifySchema } from './auth-schema.ts';
import { helpSchema, kebabSchema, labelSchema, shapeSchema, templateSchema } from './field-schema.ts';
import { effectSchema, eventSchema, recordTypeSchema, slotSchema } from './manifest-schema.ts';
import { readChecked } from './read-checked.ts';

const named = { name: kebabSchema, connection: kebabSchema, label: labelSchema };
const grain = z.enum(['connection', 'scope']);

const connectionSchema = z.strictObject({
  name: kebabSchema,
  label: labelSchema,
  help: helpSchema.exactOptional(),
  config: shapeSchema,
  baseUrl: templateSchema,
  auth: authSchema,
  limits: z.array(limitSchema).max(20),
  headers: headersSchema,
  discoversScopes: z.boolean(),
  options: z.array(z.string().min(1).max(60)).max(60),
});

const isInterval = (text: string): boolean => {
  try {
    const seconds = Temporal.Duration.from(text).total({ unit: 'seconds', relativeTo: '2026-01-01' });
    return seconds >= 30 && seconds <= 31 * 86_400;
  } catch {
    return false;
  }
};

const streamSchema = z
  .strictObject({
    ...named,
    entity: recordTypeSchema,
    mode: z.enum(['full', 'incremental', 'live']),
    comesAndGoes: z.boolean().exactOptional(),
    grain,
    every: z.string().max(30).refine(isInterval, 'is an ISO 8601 duration from PT30S to 31 days'),
    cursorVersion: z.int().min(0).max(1_000_000),
  })
  .refine(({ mode, comesAndGoes }) => mode === 'full' || comesAndGoes !== true, {
    path: ['comesAndGoes'],
    message: 'is for streams of mode full',
  });

const actionSchema = z.strictObject({
  ...named,
  help: helpSchema.exactOptional(),
  input: shapeSchema,
  output: shapeSchema,
  effect: effectSchema,
  grain,
  target: recordTypeSchema.exactOptional(),
  idempotency: z.enum(['natural', 'key', 'none']),
  canVerify: z.boolean(),
  canUndo: z.boolean(),
});

const webhookSchema = z.strictObject({
  ...named,
  setUp: helpSchema,
  verify: verifySchema,
  handshake: z.strictObject({ query: z.string().min(1).max(100) }).exactOptional(),
  idHeader: z.string().min(1).max(100).exactOptional(),
  routes: z.boolean(),
});

const viewSchema = z.strictObject({ ...named, slot: slotSchema });

// 512 KiB, as the SDK says of a frame's page.
const frameSchema = z.strictObject({ ...named, slot: slotSchema, view: kebabSchema, html: z.string().max(512 * 1024) });

/** `contributions.json`: every field is checked, and a field that is not known is refused. */
export const descriptionSchema: z.ZodType<PluginDescription> = z.strictObject({
  connections: z.array(connectionSchema).min(1, 'has no connection type').max(20),
  streams: z.array(streamSchema).max(100),
  actions: z.array(actionSchema).max(100),
  webhooks: z.array(webhookSchema).max(50),
  subscribers: z.array(z.strictObject({ ...named, events: z.array(eventSchema).min(1).max(20) })).max(20),
  views: z.array(viewSchema).max(50),
  frames: z.array(frameSchema).max(20),
});

/**
 * Checks what a plugin says that it contributes, out of a packed file or out of the sandbox.
 *
 * @throws BundleRefused that names the field
 */
export function readDescription(value: unknown): PluginDescription {
  return readChecked('contributions.json', descriptionSchema, value);
}
