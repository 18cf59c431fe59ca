import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { createFieldInput, fieldView, updateFieldInput, type TicketFields } from './ticket-fields.ts';

const MANAGE = 'desk-fields.manage-fields';

/** Which custom fields tickets have. */
export function deskFieldsOperations(fields: TicketFields) {
  return {
    listFields: defineQuery({
      name: 'desk-fields.list-fields',
      permission: 'desk-fields.read-fields',
      input: z.object({}),
      output: z.object({ items: z.array(fieldView) }),
      rest: { method: 'GET', path: '/ticket-fields', summary: 'Custom fields of tickets, in their order' },
      run: async (scope) => ({ items: await fields.list(scope) }),
    }),
    createField: defineCommand({
      name: 'desk-fields.create-field',
      permission: MANAGE,
      input: createFieldInput,
      output: z.object({ fieldId: idSchema('desk-field') }),
      rest: { method: 'POST', path: '/ticket-fields', summary: 'Make a custom field' },
      run: (scope, input) => fields.create(scope, input),
    }),
    updateField: defineCommand({
      name: 'desk-fields.update-field',
      permission: MANAGE,
      input: updateFieldInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/ticket-fields/{fieldId}', summary: 'Change or retire a custom field' },
      run: (scope, input) => fields.update(scope, input),
    }),
  };
}
