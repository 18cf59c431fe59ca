import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { text } from '#kernel/text';
import { CHARGES, LINE_KINDS, ROUNDINGS, WORK_TYPES } from './agreement.ts';

/** One line as it is written: prices in minor units of the agreement's currency; a time-and-materials price is for an hour. */
export const lineInput = z.object({
  kind: z.enum(LINE_KINDS),
  description: text({ max: 200 }),
  productCode: text({ min: 0, max: 60 }).default(''),
  unitPriceMinor: z.int().min(0, { error: 'must not be negative' }).max(100_000_000_000),
  /** How many for a flat line, and how many hours a period for a block; per-device lines are counted. */
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
  rounding: z.enum(ROUNDINGS).default('up'),
  /** The most that one entry is billed for. */
  maximumMinutes: z.int().min(1).max(1440).nullable().default(null),
  charge: z.enum(CHARGES).default('hourly'),
  /** How much of what was worked counts; 0 bills nothing. */
  billablePercent: z.int().min(0).max(100).default(100),
  /** The price outside the contract's hours, in percent of the price within. */
  afterHoursPercent: z.int().min(100).max(1000).default(100),
  /** The same on holidays; null is as outside the hours. */
  holidayPercent: z.int().min(100).max(1000).nullable().default(null),
  /** False where the price includes work within the contract's hours only. */
  coversAfterHours: z.boolean().default(true),
  /** What an hour beyond the block costs; null is as one in it. */
  overagePriceMinor: z.int().min(0).max(100_000_000_000).nullable().default(null),
  /** For how many periods after its own an unused hour of the block can be drawn; 0 lets it lapse. */
  rolloverPeriods: z.int().min(0).max(36).default(0),
});
export type LineInput = z.output<typeof lineInput>;

export const linesInput = z.array(lineInput).min(1, { error: 'must have at least one line' }).max(100);

/** Throws `agreements.line-makes-no-sense`, naming the field, for lines whose fields do not go together. */
export function assertLines(lines: readonly LineInput[]): void {
  lines.forEach((line, index) => {
    const isBlock = line.kind === 'block-hours';
    if (isBlock && Number(line.quantity) === 0) throw refused(index, 'quantity', 'must say how many hours are bought');
    if (!isBlock && (line.overagePriceMinor !== null || line.rolloverPeriods > 0))
      throw refused(index, 'rolloverPeriods', 'belongs to hours bought ahead only');
    if ((line.kind === 'time-and-materials' || isBlock) && line.workTypes.length === 0)
      throw refused(index, 'workTypes', 'must name the work that this price an hour is for');
    if (line.kind !== 'per-device' && line.deviceKinds.length > 0)
      throw refused(index, 'deviceKinds', 'belong to per-device lines only');
    const isHourly = line.kind === 'time-and-materials' || isBlock;
    if (!isHourly && (line.afterHoursPercent > 100 || (line.holidayPercent ?? 100) > 100))
      throw refused(index, 'afterHoursPercent', 'belongs to lines that count hours only');
    if (isHourly && !line.coversAfterHours)
      throw refused(index, 'coversAfterHours', 'belongs to lines that include work');
    if (line.charge === 'per-entry' && line.kind !== 'time-and-materials')
      throw refused(index, 'charge', 'an entry belongs to time-and-materials lines only');
    if (line.charge === 'per-entry' && (line.afterHoursPercent > 100 || (line.holidayPercent ?? 100) > 100))
      throw refused(index, 'afterHoursPercent', 'does not go with a charge for each entry');
    if (line.maximumMinutes !== null && line.maximumMinutes < line.minimumMinutes)
      throw refused(index, 'maximumMinutes', 'must not be less than the minimum');
  });
}

function refused(index: number, field: string, message: string): InvalidInputError {
  return new InvalidInputError('agreements.line-makes-no-sense', `Line ${index + 1}: ${field} ${message}.`, {
    fields: [{ path: ['lines', index, field], message }],
  });
}
