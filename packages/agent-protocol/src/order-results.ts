import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { boundedText } from './text.ts';
import { instantSchema } from './wire.ts';

/** A piece of an order's output, in the order in which it appeared; `index` counts both channels together from 0. */
export const orderOutputSchema = z.strictObject({
  orderId: z.uuid(),
  index: z.int().min(0),
  channel: z.enum(['stdout', 'stderr']),
  text: boundedText(LIMITS.outputChunkLength),
});
export type OrderOutput = z.infer<typeof orderOutputSchema>;

/** What became of one package of an `install-updates` order, read from the package manager afterwards and not from its exit code. */
export const packageOutcomeSchema = z.strictObject({
  name: boundedText(300),
  outcome: z.enum(['installed', 'unchanged', 'failed', 'not-found']),
  versionBefore: boundedText(300).optional(),
  versionAfter: boundedText(300).optional(),
  message: boundedText(1_000).optional(),
});
export type PackageOutcome = z.infer<typeof packageOutcomeSchema>;

const head = { orderId: z.uuid(), at: instantSchema };
const finish = {
  ...head,
  startedAt: instantSchema,
  exitCode: z.int().nullable(),
  signal: boundedText(30).optional(),
  outputBytes: z.int().min(0),
  isOutputTruncated: z.boolean(),
};

/**
 * What an agent says about an order. `accepted` and `running` on the way, then exactly one of the others. `interrupted`: the agent ended in the middle
 * and found it so at its next start; nobody knows how far it came.
 */
export const orderResultSchema = z.discriminatedUnion('state', [
  z.strictObject({ ...head, state: z.literal('accepted') }),
  z.strictObject({ ...head, state: z.literal('running') }),
  z.strictObject({
    ...finish,
    state: z.literal('succeeded'),
    packages: z.array(packageOutcomeSchema).max(LIMITS.updatesPerOrder).optional(),
  }),
  z.strictObject({
    ...finish,
    state: z.literal('failed'),
    message: boundedText(2_000),
    packages: z.array(packageOutcomeSchema).max(LIMITS.updatesPerOrder).optional(),
  }),
  z.strictObject({ ...finish, state: z.literal('timed-out') }),
  z.strictObject({ ...head, state: z.literal('refused'), code: boundedText(100), message: boundedText(2_000) }),
  z.strictObject({ ...head, state: z.literal('interrupted'), message: boundedText(2_000) }),
]);
export type OrderResult = z.infer<typeof orderResultSchema>;
