import { z } from 'zod';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { DeskCategoryId } from '#modules/desk-catalogue';
import { fieldValueInput } from '#modules/desk-fields';
import { openPortalTicketInput, type PortalTickets, type TicketId } from '#modules/tickets';
import type { RequestForms } from './request-forms.ts';

export const fillFormInput = openPortalTicketInput.omit({ type: true }).extend({
  formId: idSchema('request-form'),
  values: z.array(fieldValueInput).max(30).default([]),
});

/** Opens a ticket from a form that a contact filled in. */
export class FillForm {
  readonly #forms: RequestForms;
  readonly #tickets: PortalTickets;

  constructor(deps: { forms: RequestForms; tickets: PortalTickets }) {
    this.#forms = deps.forms;
    this.#tickets = deps.tickets;
  }

  /**
   * Throws `request-forms.form-not-found`, also for a retired one, `request-forms.value-required` that names each field left empty, `request-forms.not-asked` for a field that is not of the
   * form, and what opening a ticket in the portal throws.
   */
  async run(
    scope: TenantScope,
    input: z.output<typeof fillFormInput>,
  ): Promise<{ ticketId: TicketId; number: number }> {
    const form = (await this.#forms.forContact(scope)).find(({ id }) => id === input.formId);
    if (form === undefined) throw new NotFoundError('request-forms.form-not-found', 'There is no such form.');
    const stray = input.values.findIndex(({ fieldId }) => !form.fields.some(({ id }) => id === fieldId));
    if (stray !== -1)
      throw new InvalidInputError('request-forms.not-asked', 'This form does not ask for that.', {
        fields: [{ path: ['values', stray, 'fieldId'], message: 'is not of this form' }],
      });
    const given = new Map(input.values.map(({ fieldId, value }) => [fieldId as string, value]));
    const missing = form.fields.filter(({ id, isRequired }) => isRequired && isEmpty(given.get(id)));
    if (missing.length > 0)
      throw new InvalidInputError(
        'request-forms.value-required',
        `${missing.map(({ name }) => name).join(', ')} must be filled in.`,
        { fields: missing.map(({ id }) => ({ path: ['values', id], message: 'must be filled in' })) },
      );
    const categoryId = (await this.#forms.list(scope)).find(({ id }) => id === form.id)?.categoryId ?? null;
    const { formId: _, values, ...ticket } = input;
    const filed = { values, ...(categoryId === null ? {} : { categoryId: categoryId as DeskCategoryId }) };
    return this.#tickets.open(scope, { ...ticket, type: form.type }, filed);
  }
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0)
  );
}
