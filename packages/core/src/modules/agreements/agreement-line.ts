import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { text } from '#kernel/text';
import { LINE_KINDS, WORK_TYPES } from './agreement.ts';

/** One line as it is written: prices in minor units of the agreement's currency; a time-and-materials price is for an hour. */
export const lineInput = z.object({
  kind: z.enum(LINE_KINDS),
  description: text({ max: 200 }),
  productCode: text({ min: 0, max: 60 }).default(''),
  unitPriceMinor: z.int().min(0, { error: 'must not be negative' }).max(100_000_000_000),
  /** How many for a flat line; per-device lines are counted. */
  quantity: z
    .string()
    .regex(/^\d{1,7}(\.\d{1,3})?$/, { error: 'must be a number with at most three decimals, such as 1.5' })
    .default('1'),
  /** Kinds of asset that a per-device line counts; none is all. */
  deviceKinds: z
    .array(text({ max: 40 }))
    .max(30)
    .default([]),
  workTypes: z.array(z.enum(WORK_TYPES)).max(WORK_TYPES.length).default([]),
  minimumMinutes: z.int().min(0).max(1440).default(0),
  roundToMinutes: z.int().min(1).max(480).default(1),
  rounding: z.enum(['up', 'nearest']).default('up'),
});
export type LineInput = z.output<typeof lineInput>;

export const linesInput = z.array(lineInput).min(1, { error: 'must have at least one line' }).max(100);

/** Throws `agreements.line-makes-no-sense`, naming the field, for lines whose fields do not go together. */
export function assertLines(lines: readonly LineInput[]): void {
  lines.forEach((line, index) => {
    if (line.kind === 'time-and-materials' && line.workTypes.length === 0)
      throw refused(index, 'workTypes', 'must name the work that this price an hour is for');
    if (line.kind !== 'per-device' && line.deviceKinds.length > 0)
      throw refused(index, 'deviceKinds', 'belong to per-device lines only');
  });
}

function refused(index: number, field: string, message: string): InvalidInputError {
  return new InvalidInputError('agreements.line-makes-no-sense', `Line ${index + 1}: ${field} ${message}.`, {
    fields: [{ path: ['lines', index, field], message }],
  });
}
