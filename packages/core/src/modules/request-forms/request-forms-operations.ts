import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { fillFormInput, type FillForm } from './fill-form.ts';
import { portalFormView, requestFormView } from './request-form-view.ts';
import { createFormInput, updateFormInput, type RequestForms } from './request-forms.ts';

const MANAGE = 'request-forms.manage-forms';
const USE = 'request-forms.use-forms';

/** The portal's forms: what staff makes of them, and what contacts do with them. */
export function requestFormsOperations({ forms, fill }: { forms: RequestForms; fill: FillForm }) {
  return {
    listForms: defineQuery({
      name: 'request-forms.list-forms',
      permission: 'request-forms.read-forms',
      input: z.object({}),
      output: z.object({ items: z.array(requestFormView) }),
      rest: { method: 'GET', path: '/request-forms', summary: 'Forms of the portal, in their order' },
      run: async (scope) => ({ items: await forms.list(scope) }),
    }),
    createForm: defineCommand({
      name: 'request-forms.create-form',
      permission: MANAGE,
      input: createFormInput,
      output: z.object({ formId: idSchema('request-form') }),
      rest: { method: 'POST', path: '/request-forms', summary: 'Make a form for the portal' },
      run: (scope, input) => forms.create(scope, input),
    }),
    updateForm: defineCommand({
      name: 'request-forms.update-form',
      permission: MANAGE,
      input: updateFormInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/request-forms/{formId}', summary: 'Change or retire a form' },
      run: (scope, input) => forms.update(scope, input),
    }),
    listPortalForms: defineQuery({
      name: 'request-forms.list-portal-forms',
      permission: USE,
      audience: 'client',
      input: z.object({}),
      output: z.object({ items: z.array(portalFormView) }),
      rest: { method: 'GET', path: '/portal/forms', summary: 'The forms that a contact can fill in' },
      run: async (scope) => ({ items: await forms.forContact(scope) }),
    }),
    fillForm: defineCommand({
      name: 'request-forms.fill-form',
      permission: USE,
      audience: 'client',
      input: fillFormInput,
      output: z.object({ ticketId: idSchema('ticket'), number: z.int() }),
      rest: { method: 'POST', path: '/portal/forms/{formId}/tickets', summary: 'Open a ticket by a form' },
      run: (scope, input) => fill.run(scope, input),
    }),
  };
}
