import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';

/** One thing to do, as a template has it. */
export const templateItemInput = z.object({
  title: text({ max: 200 }),
  /** Who it is for, in the MSP's own words: "First line", "On site". */
  role: text({ min: 0, max: 60 }).default(''),
  /** True where the ticket is not resolved before it is done. */
  isRequired: z.boolean().default(false),
  /** How long after the list came to the ticket it is due; null is whenever. At most a year. */
  dueMinutes: z
    .int()
    .min(1)
    .max(60 * 24 * 366)
    .nullable()
    .default(null),
});
export type TemplateItem = z.output<typeof templateItemInput>;

const fields = {
  name: text({ max: 120 }),
  /** Which tickets it is meant for: a type, or null for all. */
  ticketType: text({ max: 60 }).nullable().default(null),
  /** Which tickets it is meant for: those of a category and of what lies below it, or null for all. */
  categoryId: idSchema('desk-category').nullable().default(null),
  /** True where every ticket of the type and category has it from its opening on. */
  isAutomatic: z.boolean().default(false),
  items: z.array(templateItemInput).min(1, { error: 'must have at least one thing to do' }).max(100),
};
export const createTemplateInput = z.object(fields);
export const updateTemplateInput = z.object({
  templateId: idSchema('checklist-template'),
  version: z.int(),
  isActive: z.boolean().default(true),
  ...fields,
});
/** A template as it leaves the server. */
export const templateView = z.object({
  id: idSchema('checklist-template'),
  name: z.string(),
  ticketType: z.string().nullable(),
  categoryId: idSchema('desk-category').nullable(),
  isAutomatic: z.boolean(),
  isActive: z.boolean(),
  items: z.array(templateItemInput),
  version: z.int(),
});
export type TemplateView = z.output<typeof templateView>;
