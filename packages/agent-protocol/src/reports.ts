import { z } from 'zod';
import { inventorySchema, servicesSchema, softwareSchema, updatesSchema } from './inventory.ts';
import { LIMITS } from './limits.ts';
import { seriesSchema } from './metrics.ts';
import { orderOutputSchema, orderResultSchema } from './order-results.ts';
import { instantSchema } from './wire.ts';

/** The streams of an agent, each with its own order and its own high-water mark. */
export const STREAMS = [
  'metrics',
  'inventory',
  'software',
  'services',
  'updates',
  'order-output',
  'order-result',
] as const;
export type StreamName = (typeof STREAMS)[number];

/** Samples of one moment: `values[i]` belongs to `series[i]`. */
export const metricsSchema = z
  .strictObject({
    series: z.array(seriesSchema).max(LIMITS.samplesPerEntry),
    values: z.array(z.number({ error: 'must be a finite number' })).max(LIMITS.samplesPerEntry),
    /** Entries that the agent had to drop before this one, because its spool was full. */
    dropped: z.strictObject({ entries: z.int().min(1), from: instantSchema, to: instantSchema }).optional(),
  })
  .refine((data) => data.series.length === data.values.length, {
    error: 'must have one value for each series',
    path: ['values'],
  });
export type MetricSamples = z.infer<typeof metricsSchema>;

function entryOf<const Name extends StreamName, Data extends z.ZodType>(stream: Name, data: Data) {
  return z.strictObject({
    stream: z.literal(stream),
    /** Made with the stream's spool. A new spool (reinstalled, restored) is a new epoch and starts at sequence 1 again. */
    epoch: z.uuid(),
    sequence: z.int().min(1),
    /** When it was so, by the agent's clock. */
    at: instantSchema,
    data,
  });
}

/** One entry of a report. */
export const reportEntrySchema = z.discriminatedUnion('stream', [
  entryOf('metrics', metricsSchema),
  entryOf('inventory', inventorySchema),
  entryOf('software', softwareSchema),
  entryOf('services', servicesSchema),
  entryOf('updates', updatesSchema),
  entryOf('order-output', orderOutputSchema),
  entryOf('order-result', orderResultSchema),
]);
export type ReportEntry = z.infer<typeof reportEntrySchema>;
export type EntryOf<Name extends StreamName> = Extract<ReportEntry, { stream: Name }>;

/** The part of an entry that must be readable even where its data is not: only with it can a server refuse one entry and take the rest. */
export const entryHeadSchema = z.object({
  stream: z.enum(STREAMS),
  epoch: z.uuid(),
  sequence: z.int().min(1),
  at: instantSchema,
});

/** `POST /agent/v1/reports`. Entries of one stream come in the order of their sequence; each is judged by itself (`reportEntrySchema`). */
export const reportRequestSchema = z.strictObject({
  entries: z
    .array(z.unknown())
    .min(1, { error: 'must not be empty' })
    .max(LIMITS.entriesPerReport, { error: `must have at most ${LIMITS.entriesPerReport} entries` }),
});

/**
 * The answer, after commit: everything up to the marks is stored, or listed in `refused` for good, and need not be sent again. Entries at or
 * below a mark are taken as sent twice, and nothing happens.
 */
export const reportAnswerSchema = z.object({
  marks: z.array(z.object({ stream: z.enum(STREAMS), epoch: z.uuid(), sequence: z.int().min(0) })).max(100),
  refused: z
    .array(
      z.object({
        stream: z.enum(STREAMS),
        sequence: z.int(),
        code: z.string().max(100),
        message: z.string().max(2_000),
      }),
    )
    .max(LIMITS.entriesPerReport),
  reportIntervalSeconds: z.int().min(5).max(3_600),
  /** True if orders wait: the agent need not sit out its poll's back-off. */
  hasOrders: z.boolean().optional(),
});
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;
