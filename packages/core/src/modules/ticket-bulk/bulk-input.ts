import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { instantSchema, text } from '#kernel/text';
import { bulkChangeInput, ticketFilterInput, type undoItem } from '#modules/tickets';

/** Of tickets that are named one by one. */
const MAX_NAMED = 2000;

const bulkChange = z
  .object({
    ...bulkChangeInput,
    /** An internal note on each. */
    note: text({ max: 10_000 }).optional(),
    snooze: z
      .object({ until: instantSchema.nullable().default(null), untilReply: z.boolean().default(true) })
      .optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    error: 'must change something',
  });
export type BulkChange = z.output<typeof bulkChange>;

/** What takes the change of one ticket back. */
export type BulkUndo = z.output<typeof undoItem> & { readonly isSnoozed?: boolean };

export const startBulkInput = z.object({
  ticketIds: z
    .array(idSchema('ticket'))
    .min(1, { error: 'must name a ticket' })
    .max(MAX_NAMED, { error: `must be at most ${MAX_NAMED} tickets` }),
  change: bulkChange,
});
/** All tickets of a list as it is now. */
export const startBulkOnListInput = z.object({ filter: z.object(ticketFilterInput), change: bulkChange });
export const bulkRunInput = z.object({ runId: idSchema('bulk-run') });
