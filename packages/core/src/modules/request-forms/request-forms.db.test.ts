import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { TicketCategories } from '#modules/desk-catalogue';
import { createFieldInput, TicketFields, type DeskFieldId } from '#modules/desk-fields';
import { TicketQueries } from '#modules/tickets';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { FillForm, fillFormInput } from './fill-form.ts';
import { createFormInput, RequestForms, updateFormInput } from './request-forms.ts';

describe('RequestForms', () => {
  let app: TestApp;
  let staff: TenantScope;
  let contact: TenantScope;
  let forms: RequestForms;
  let field: (name: string, more?: object) => Promise<DeskFieldId>;

  beforeAll(async () => {
    app = await startTestApp();
    const { mspId, clientIds } = await buildMsp(app, { clients: 1 });
    staff = staffScope(mspId);
    contact = contactScope(mspId, clientIds[0] as ClientId);
    forms = app.container.resolve(RequestForms);
    const fields = app.container.resolve(TicketFields);
    field = async (name, more = {}) => {
      const input = createFieldInput.parse({ name, type: 'text', isPublic: true, ...more });
      return (await fields.create(staff, input)).fieldId;
    };
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const make = (form: object) => forms.create(staff, createFormInput.parse({ type: 'request', ...form }));
  const fill = (formId: string, values: object[]) =>
    app.container
      .resolve(FillForm)
      .run(contact, fillFormInput.parse({ formId, subject: 'A new colleague', body: 'Starts on Monday', values }));

  it('opens a ticket with what the form files it under and what it asked for', async () => {
    const { categoryId } = await app.container
      .resolve(TicketCategories)
      .create(staff, { name: 'New starters', ticketTypes: [], parentId: null } as never);
    const start = await field('First day', { type: 'date' });
    const role = await field('Role', { type: 'choice', choices: ['Sales', 'Stores'] });
    const fields = [{ fieldId: start, isRequired: true }, { fieldId: role }];
    const { formId } = await make({ name: 'New colleague', categoryId, fields });
    const [shown] = await forms.forContact(contact);
    expect(shown?.fields.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['First day', true],
      ['Role', false],
    ]);
    const sales = shown?.fields[1]?.choices[0]?.id;
    await expect(fill(formId, [{ fieldId: role, value: sales }])).rejects.toMatchObject({
      code: 'request-forms.value-required',
      fields: [{ path: ['values', start] }],
    });
    const { ticketId } = await fill(formId, [
      { fieldId: start, value: '2026-12-01' },
      { fieldId: role, value: sales },
    ]);
    const ticket = await app.container.resolve(TicketQueries).get(staff, ticketId);
    expect(ticket).toMatchObject({ type: 'request', source: 'portal', categoryId });
    expect(ticket.values.map(({ name, text }) => [name, text])).toEqual([
      ['First day', '2026-12-01'],
      ['Role', 'Sales'],
    ]);
  });

  it('asks contacts only what they may see and can answer', async () => {
    const secret = await field('Margin', { isPublic: false });
    const machine = await field('Machine', { type: 'asset' });
    const broken = await field('Broken since', { ticketTypes: ['incident'] });
    for (const fieldId of [secret, machine, broken])
      await expect(make({ name: 'Nosy', fields: [{ fieldId }] })).rejects.toMatchObject({
        code: 'request-forms.field-refused',
        fields: [{ path: ['fields', 0, 'fieldId'] }],
      });
  });

  it('takes no answer to what it did not ask, and nothing for a form that was retired', async () => {
    const asked = await field('Asked');
    const other = await field('Not asked');
    const { formId } = await make({ name: 'Small', fields: [{ fieldId: asked }] });
    await expect(fill(formId, [{ fieldId: other, value: 'x' }])).rejects.toMatchObject({
      code: 'request-forms.not-asked',
    });
    await expect(make({ name: 'small', fields: [] })).rejects.toMatchObject({ code: 'request-forms.form-name-taken' });
    const retired = { formId, version: 1, name: 'Small', type: 'request', isActive: false };
    await forms.update(staff, updateFormInput.parse(retired));
    await expect(forms.update(staff, updateFormInput.parse(retired))).rejects.toMatchObject({
      code: 'request-forms.form-changed',
    });
    await expect(fill(formId, [])).rejects.toMatchObject({ code: 'request-forms.form-not-found' });
  });
});
