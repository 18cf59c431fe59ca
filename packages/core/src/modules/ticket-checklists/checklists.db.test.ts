import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { newId, type ClientId, type MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { TicketCategories } from '#modules/desk-catalogue';
import { MoveTicket, OpenTicket, UpdateTicket, type TicketId } from '#modules/tickets';
import { createCategoryInput } from '../desk-catalogue/ticket-categories.ts';
import { openTicketInput } from '../tickets/open-ticket.ts';
import { createTemplateInput, updateTemplateInput } from './checklist-template.ts';
import { ChecklistQueries } from './checklist-queries.ts';
import { ChecklistTemplates } from './checklist-templates.ts';
import { Checklists } from './checklists.ts';

let app: TestApp;
let mspId: MspId;
let clients: ClientId[];
let staff: TenantScope;
beforeAll(async () => {
  app = await startTestApp();
  const msp = await buildMsp(app, { clients: 2 });
  ({ mspId } = msp);
  clients = msp.clientIds;
  staff = staffScope(mspId);
});
afterAll(() => app[Symbol.asyncDispose]());

const open = async (type: string): Promise<TicketId> => {
  const input = openTicketInput.parse({ clientId: clients[0], subject: 'Joiner', type });
  return (await app.container.resolve(OpenTicket).run(staff, input)).ticketId;
};
const template = async (name: string, fields: object) =>
  (await app.container.resolve(ChecklistTemplates).create(staff, createTemplateInput.parse({ name, ...fields })))
    .templateId;
const lists = (ticketId: TicketId) => app.container.resolve(ChecklistQueries).ofTicket(staff, ticketId);
const tick = (itemId: string, version: number, isDone = true) =>
  app.container.resolve(Checklists).tick(staff, { itemId: itemId as never, version, isDone });
const update = (ticketId: TicketId, version: number, status: 'resolved' | 'in-progress', scope = staff) =>
  app.container.resolve(UpdateTicket).run(scope, { ticketId, version, status });

describe('Checklists', () => {
  it('keeps staff from resolving a ticket before what is required is done, and says what that is', async () => {
    const ticketId = await open('request');
    const items = [
      { title: 'Make the mailbox', isRequired: true, dueMinutes: 60 },
      { title: 'Say hello' },
      { title: 'Hand over', isRequired: true },
    ];
    const templateId = await template('Joiner', { items });
    const checklists = app.container.resolve(Checklists);
    const [one, two] = await Promise.all([1, 2].map(() => checklists.apply(staff, { ticketId, templateId })));
    expect([one, two].filter((added) => added?.isNew)).toHaveLength(1);
    await expect(update(ticketId, 1, 'resolved')).rejects.toMatchObject({
      code: 'ticket-checklists.required-open',
      message: 'To be done first: “Make the mailbox”, “Hand over”.',
      fields: [{ path: ['status'] }],
    });
    const [list] = await lists(ticketId);
    expect(list?.items.map(({ dueAt }) => dueAt)).toEqual([
      app.clock.now().add({ minutes: 60 }).toString(),
      null,
      null,
    ]);
    await tick(list!.items[0]!.id, 1);
    await expect(tick(list!.items[0]!.id, 1, false)).rejects.toMatchObject({ code: 'ticket-checklists.item-changed' });
    await tick(list!.items[2]!.id, 1);
    expect((await lists(ticketId))[0]?.items[0]).toMatchObject({
      doneBy: staff.actor.label,
      doneAt: app.clock.now().toString(),
    });
    expect(await app.container.resolve(ChecklistQueries).progressOf(staff, [ticketId])).toEqual([
      { ticketId, itemCount: 3, doneCount: 2, requiredOpenCount: 0 },
    ]);
    await update(ticketId, 1, 'resolved');
  });

  it('does not hold up what the platform ends, and goes along to another client', async () => {
    const ticketId = await open('request');
    const templateId = await template('Leaver', { items: [{ title: 'Take the key back', isRequired: true }] });
    await app.container.resolve(Checklists).apply(staff, { ticketId, templateId });
    await app.container.resolve(MoveTicket).run(staff, { ticketId, version: 1, clientId: clients[1]! });
    expect(await lists(ticketId)).toHaveLength(1);
    await update(ticketId, 2, 'resolved', systemScope(mspId));
  });

  it('comes to tickets of its category and of what lies below it', async () => {
    const categories = app.container.resolve(TicketCategories);
    const category = async (name: string, parentId: string | null = null) =>
      (await categories.create(staff, createCategoryInput.parse({ name, parentId }))).categoryId;
    const people = await category('People');
    const joiners = await category('Joiners', people);
    const machines = await category('Machines');
    const items = [{ title: 'Ask the manager' }];
    await template('People', { items, isAutomatic: true, categoryId: people });
    const of = async (categoryId: string | null) => {
      const input = openTicketInput.parse({
        clientId: clients[0],
        subject: 'Joiner',
        type: 'request',
        ...(categoryId === null ? {} : { categoryId }),
      });
      const { ticketId } = await app.container.resolve(OpenTicket).run(staff, input);
      await app.container.resolve(Checklists).applyAutomatic(systemScope(mspId), ticketId);
      return (await lists(ticketId)).map(({ name }) => name);
    };
    expect([await of(people), await of(joiners)]).toEqual([['People'], ['People']]);
    expect([await of(machines), await of(null)]).toEqual([[], []]);
    await expect(template('Lost', { items, categoryId: newId() })).rejects.toMatchObject({
      code: 'ticket-checklists.category-not-found',
    });
  });

  it('comes to tickets of its type as they are opened, once, and leaves copies alone when it changes', async () => {
    const items = [{ title: 'Find the cause' }];
    const templateId = await template('Problem', { items, isAutomatic: true, ticketType: 'problem' });
    const [problem, task] = [await open('problem'), await open('task')];
    const checklists = app.container.resolve(Checklists);
    for (const ticketId of [problem, problem, task]) await checklists.applyAutomatic(systemScope(mspId), ticketId);
    expect((await lists(problem)).map(({ name }) => name)).toEqual(['Problem']);
    expect(await lists(task)).toEqual([]);
    const templates = app.container.resolve(ChecklistTemplates);
    const change = { templateId, version: 1, name: 'Problem', items: [{ title: 'Something else' }], isActive: false };
    await templates.update(staff, updateTemplateInput.parse(change));
    expect((await lists(problem))[0]?.items[0]?.title).toBe('Find the cause');
    await expect(checklists.apply(staff, { ticketId: task, templateId })).rejects.toMatchObject({
      code: 'ticket-checklists.template-inactive',
    });
    await expect(templates.update(staff, updateTemplateInput.parse(change))).rejects.toMatchObject({
      code: 'ticket-checklists.template-changed',
    });
    await expect(template('Problem', { items })).rejects.toMatchObject({
      code: 'ticket-checklists.name-taken',
      fields: [{ path: ['name'] }],
    });
  });
});
