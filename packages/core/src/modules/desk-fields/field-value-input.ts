import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { FIELD_TYPES, rawValueSchema } from './field.ts';

export const fieldValueInput = z.object({
  fieldId: idSchema('desk-field'),
  /** By the field's type: a text; a number; a date such as `2026-11-20`; a choice's id; a list of such ids; true or false; a contact's or asset's id. Null takes it away. */
  value: rawValueSchema,
});
export type FieldValueInput = z.output<typeof fieldValueInput>;

export const fieldValueView = z.object({
  fieldId: idSchema('desk-field'),
  name: z.string(),
  type: z.enum(FIELD_TYPES),
  value: z.union([z.string(), z.boolean(), z.array(z.string())]),
  /** As people read it: choices and things by their names. */
  text: z.string(),
});
export type FieldValueView = z.input<typeof fieldValueView>;
