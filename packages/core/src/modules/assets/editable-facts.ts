import { z } from 'zod';
import { dateSchema } from '#kernel/text';
import { text } from '#kernel/text';

const short = text({ max: 200 });

/** Facts that a person may type. Null lets go of a typed value, so that what machines report holds again. */
export const editableFacts = z.strictObject({
  vendor: short.nullable().optional(),
  model: short.nullable().optional(),
  serialNumber: short.nullable().optional(),
  assetTag: short.nullable().optional(),
  location: short.nullable().optional(),
  assignedTo: short.nullable().optional(),
  purchasedOn: dateSchema.nullable().optional(),
  warrantyEndsOn: dateSchema.nullable().optional(),
  notes: text({ max: 4000 }).nullable().optional(),
});
