import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { fieldView } from '#modules/desk-fields';
import { FORM_TYPES } from './request-forms-table.ts';

/** A form as its owner sees it. */
export const requestFormView = z.object({
  id: idSchema('request-form'),
  name: z.string(),
  description: z.string(),
  type: z.enum(FORM_TYPES),
  categoryId: idSchema('desk-category').nullable(),
  /** In their order. */
  fields: z.array(z.object({ fieldId: idSchema('desk-field'), isRequired: z.boolean() })),
  place: z.int(),
  isActive: z.boolean(),
  version: z.int(),
});
export type RequestFormView = z.input<typeof requestFormView>;

/** A form as a contact fills it in: with what is asked, and how. */
export const portalFormView = requestFormView.pick({ id: true, name: true, description: true, type: true }).extend({
  fields: z.array(
    fieldView
      .pick({ id: true, name: true, help: true, type: true, maxLength: true, min: true, max: true, choices: true })
      .extend({ isRequired: z.boolean() }),
  ),
});
export type PortalFormView = z.input<typeof portalFormView>;
