import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { BULK_STATES } from './bulk-table.ts';

/** How a change of many tickets stands, as far as its reader reaches the tickets. */
export const bulkRunView = z.object({
  id: idSchema('bulk-run'),
  state: z.enum(BULK_STATES),
  /** Why it was stopped, where no person did. */
  reason: z.string().nullable(),
  byName: z.string(),
  total: z.int(),
  waiting: z.int(),
  changed: z.int(),
  skipped: z.int(),
  undone: z.int(),
  kept: z.int(),
  /** Why tickets were skipped or could not be taken back, the most frequent first, with the numbers of some. */
  reasons: z.array(z.object({ message: z.string(), count: z.int(), ticketNumbers: z.array(z.int()) })),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type BulkRunView = z.input<typeof bulkRunView>;
