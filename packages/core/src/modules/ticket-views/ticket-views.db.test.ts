import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { OpenTicket, TicketCounts, TicketQueries, UpdateTicket } from '#modules/tickets';
import { listTicketsInput } from '#modules/tickets';
import { createCategoryInput, TicketCategories } from '../desk-catalogue/ticket-categories.ts';
import { createFieldInput, TicketFields } from '../desk-fields/ticket-fields.ts';
import { openTicketInput } from '../tickets/open-ticket.ts';
import { createViewInput, SavedViews, updateViewInput } from './saved-views.ts';
import { ViewQueries } from './view-queries.ts';

const USE = ['ticket-views.use-views', 'tickets.read-tickets', 'tickets.work-tickets'];

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
let ada: TenantScope;
let lead: TenantScope;
let adaId: string;
beforeAll(async () => {
  app = await startTestApp();
  const built = await buildMsp(app, { clients: 2 });
  [mspId, first, second] = [built.mspId, built.clientIds[0] as ClientId, built.clientIds[1] as ClientId];
  const staff = await addStaff(app, { mspId }, { name: 'Ada', standardRoles: ['technician'] });
  const boss = await addStaff(app, { mspId }, { name: 'Lea', standardRoles: ['manager'] });
  adaId = staff.staffId;
  ada = loginScope({ mspId }, staff.loginId, USE);
  lead = loginScope({ mspId }, boss.loginId, [...USE, 'ticket-views.share-views']);
  for (const [clientId, subject, priority] of [
    [first, 'Printer', 1],
    [first, 'Scanner', 3],
    [second, 'Router', 1],
  ] as const) {
    const { ticketId } = await app.container
      .resolve(OpenTicket)
      .run(staffScope(mspId), openTicketInput.parse({ clientId, subject, body: 'Broken.', priority }));
    if (subject === 'Printer')
      await app.container.resolve(UpdateTicket).run(ada, { ticketId, version: 1, assigneeId: adaId as never });
  }
});
afterAll(() => app[Symbol.asyncDispose]());

const views = () => app.container.resolve(ViewQueries);
const saved = () => app.container.resolve(SavedViews);
const keep = (scope: TenantScope, input: object) => saved().create(scope, createViewInput.parse(input));
const keysOf = async (scope: TenantScope): Promise<string[]> =>
  (await views().list(scope)).items.map(({ name }) => name);

describe('SavedViews', () => {
  it('keeps own views from others, shows shared ones to all, and lets only who may share change those', async () => {
    await keep(ada, { name: 'Ada’s P1', settings: { filter: { priorities: [1] } } });
    const { viewId } = await keep(lead, { name: 'All P1', isShared: true, settings: { filter: { priorities: [1] } } });
    expect(await keysOf(ada)).toEqual(expect.arrayContaining(['Ada’s P1', 'All P1', 'Mine']));
    expect(await keysOf(lead)).not.toContain('Ada’s P1');
    const change = updateViewInput.parse({ viewId, version: 1, name: 'x', isShared: true, settings: { filter: {} } });
    await expect(saved().update(ada, change)).rejects.toMatchObject({ code: 'ticket-views.may-not-share' });
    await expect(keep(ada, { name: 'x', isShared: true, settings: { filter: {} } })).rejects.toMatchObject({
      code: 'ticket-views.may-not-share',
    });
    expect(await saved().update(lead, change)).toEqual({ version: 2 });
    await expect(saved().update(lead, change)).rejects.toMatchObject({ code: 'ticket-views.view-changed' });
    await saved().delete(lead, { viewId });
    await expect(saved().delete(lead, { viewId })).rejects.toMatchObject({ code: 'ticket-views.view-not-found' });
  });

  it('narrows by custom fields of each type and by categories with all below them', async () => {
    const other = await buildMsp(app, { clients: 1 });
    const [staff, clientId] = [staffScope(other.mspId), other.clientIds[0] as ClientId];
    const { container } = app;
    const field = async (input: object) =>
      (await container.resolve(TicketFields).create(staff, createFieldInput.parse(input))).fieldId;
    const [seats, due, model] = [
      await field({ name: 'Seats', type: 'number' }),
      await field({ name: 'Due', type: 'date' }),
      await field({ name: 'Model', type: 'text' }),
    ];
    const category = async (name: string, parentId: string | null) =>
      (await container.resolve(TicketCategories).create(staff, createCategoryInput.parse({ name, parentId })))
        .categoryId;
    const top = await category('Top', null);
    const below = await category('Below', await category('Middle', top));
    const open = async (subject: string, values: object[], categoryId?: string) =>
      container.resolve(OpenTicket).run(
        staff,
        openTicketInput.parse({
          clientId,
          subject,
          values,
          ...(categoryId === undefined ? {} : { categoryId }),
        }),
      );
    await open(
      'Ten',
      [
        { fieldId: seats, value: '10.50' },
        { fieldId: model, value: 'HP Laser-Jet 4' },
      ],
      below,
    );
    await open(
      'Two',
      [
        { fieldId: seats, value: 2 },
        { fieldId: due, value: '2026-12-24' },
      ],
      top,
    );
    const found = async (filter: object) =>
      (await container.resolve(TicketQueries).list(staff, listTicketsInput.parse(filter))).items
        .map(({ subject }) => subject)
        .toSorted();
    const by = (...fields: string[]) => found({ fields });
    expect(await by(`${seats}:at-least:10`)).toEqual(['Ten']);
    expect(await by(`${seats}:is:10.5|7`)).toEqual(['Ten']);
    expect(await by(`${seats}:is-not:2.0`)).toEqual(['Ten']);
    expect(await by(`${seats}:at-most:10`, `${due}:before:2026-12-25`)).toEqual(['Two']);
    expect(await by(`${due}:after:2026-12-24`)).toEqual([]);
    expect(await by(`${due}:is-empty`)).toEqual(['Ten']);
    expect(await by(`${model}:has-any:${encodeURIComponent('laser jet')}`)).toEqual(['Ten']);
    expect(await by(`${model}:has-none:laser`)).toEqual(['Two']);
    expect(await by(`${model}:has-all:hp|brother`)).toEqual([]);
    expect(await found({ categoryId: top })).toEqual(['Ten', 'Two']);
    expect(await found({ categoryId: below })).toEqual(['Ten']);
    const settings = { filter: { fields: [`${seats}:at-least:10`], categoryId: top } };
    const eve = await addStaff(app, { mspId: other.mspId }, { name: 'Eve', standardRoles: ['technician'] });
    const someone = loginScope({ mspId: other.mspId }, eve.loginId, USE);
    const { viewId } = await keep(someone, { name: 'Large', settings });
    expect((await views().counts(someone, {})).items.find(({ key }) => key === viewId)?.count).toBe(1);
    await expect(
      keep(someone, { name: 'Wrong', settings: { filter: { fields: [`${due}:at-least:1`] } } }),
    ).rejects.toMatchObject({ code: 'desk-fields.comparison-refused' });
    for (const wrong of ['x', `${seats}:more:1`, `${seats}:at-least:lots`, `${seats}:is`, `${seats}:has-any:%`])
      expect(listTicketsInput.safeParse({ fields: [wrong] }).success).toBe(false);
  });

  it('refuses what is not there, and names the field', async () => {
    const gone = '00000000-0000-7000-8000-00000000000f';
    await expect(keep(ada, { name: 'x', settings: { filter: { queueId: gone } } })).rejects.toMatchObject({
      code: 'ticket-views.reference-not-found',
      fields: [{ path: ['settings', 'filter', 'queueId'] }],
    });
  });

  it('keeps a person’s order, and hides what they hide', async () => {
    await saved().arrange(lead, {
      places: [
        { view: 'waiting', isHidden: false },
        { view: 'mine', isHidden: true },
      ],
    });
    const { items } = await views().list(lead);
    expect(items.slice(0, 2).map(({ key, isHidden }) => [key, isHidden])).toEqual([
      ['waiting', false],
      ['mine', true],
    ]);
    expect((await views().list(ada)).items[0]?.key).toBe('mine');
  });

  it('is for staff only', async () => {
    const portal = contactScope(mspId, first);
    await expect(keep(portal, { name: 'x', settings: { filter: {} } })).rejects.toMatchObject({
      code: 'ticket-views.not-staff',
    });
    expect((await views().list(portal)).items.every(({ kind }) => kind === 'standard')).toBe(true);
  });
});

describe('ViewQueries', () => {
  it('counts what each view lists, in one go, and never more than the reader reaches', async () => {
    const { viewId } = await keep(lead, {
      name: 'Urgent',
      isShared: true,
      settings: { filter: { priorities: [1] } },
    });
    const countsOf = async (scope: TenantScope) =>
      new Map((await views().counts(scope, {})).items.map(({ key, count }) => [key, count]));
    const all = await countsOf(ada);
    expect([all.get('open'), all.get('mine'), all.get('unassigned'), all.get(viewId)]).toEqual([3, 1, 2, 2]);
    expect(all.has('closed')).toBe(false);
    const kept = await countsOf({ ...ada, reach: { kind: 'only', clientIds: [second] } });
    expect([kept.get('open'), kept.get(viewId)]).toEqual([1, 1]);
    expect((await views().counts(ada, { clientId: first })).items).toContainEqual({ key: 'open', count: 2 });
  });

  it('divides a list into the groups that its rows have', async () => {
    const groups = async (groupBy: 'client' | 'assignee' | 'priority' | 'sla') =>
      (await views().groups(ada, { tab: 'open', groupBy })).items;
    expect(await groups('client')).toEqual([
      { key: first, name: expect.stringContaining('Client 1'), count: 2 },
      { key: second, name: expect.stringContaining('Client 2'), count: 1 },
    ]);
    expect(await groups('assignee')).toEqual([
      { key: null, name: null, count: 2 },
      { key: adaId, name: 'Ada', count: 1 },
    ]);
    expect(await groups('sla')).toEqual([{ key: 'none', name: null, count: 3 }]);
  });
});

describe('TicketQueries', () => {
  it('narrows by everything that a view can', async () => {
    app.clock.advance({ hours: 49 });
    const listed = async (filter: object): Promise<string[]> =>
      (await app.container.resolve(TicketQueries).list(ada, listTicketsInput.parse(filter))).items
        .map(({ subject }) => subject)
        .toSorted();
    expect(await listed({ assignees: ['me'] })).toEqual(['Printer']);
    expect(await listed({ assignees: ['me', 'none'], priorities: [1] })).toEqual(['Printer', 'Router']);
    expect(await listed({ assignees: ['none'], clientId: first })).toEqual(['Scanner']);
    expect(await listed({ openedDaysAgo: 2, quietDays: 2, isWithoutQueue: true, deadline: 'none' })).toHaveLength(3);
    expect(await listed({ openedDaysAgo: 3 })).toEqual([]);
    expect(await listed({ isReplyAwaited: true })).toEqual([]);
    expect(await listed({ groupId: '00000000-0000-7000-8000-00000000000f' })).toEqual([]);
    expect(await app.container.resolve(TicketCounts).each(ada, [{ tab: 'open', assignees: ['none'] }])).toEqual([2]);
  });

  it('finds words of what is open, of a client, within reach, however long they are', async () => {
    const open = async (clientId: ClientId, subject: string, body = 'Broken.') =>
      (
        await app.container
          .resolve(OpenTicket)
          .run(staffScope(mspId), openTicketInput.parse({ clientId, subject, body }))
      ).ticketId;
    await open(first, 'Zebra crossing', `See ${'z'.repeat(2040)}`);
    await open(second, 'Two zebras');
    const done = await open(first, 'Zebra stripes');
    await app.container.resolve(UpdateTicket).run(staffScope(mspId), { ticketId: done, version: 1, status: 'closed' });
    const found = async (search: string, filter: object = {}, scope = ada): Promise<string[]> =>
      (await app.container.resolve(TicketQueries).list(scope, listTicketsInput.parse({ search, ...filter }))).items.map(
        ({ subject }) => subject,
      );
    expect(await found('zeb')).toEqual(['Two zebras', 'Zebra crossing']);
    expect(await found('zebra', { tab: 'all' })).toEqual(['Zebra stripes', 'Two zebras', 'Zebra crossing']);
    expect(await found('zebra cross', { clientId: first })).toEqual(['Zebra crossing']);
    expect(await found('zebra', {}, { ...ada, reach: { kind: 'only', clientIds: [second] } })).toEqual(['Two zebras']);
    expect(await found('zebra', {}, { ...ada, reach: { kind: 'except', clientIds: [second] } })).toEqual([
      'Zebra crossing',
    ]);
    expect(await found('z'.repeat(60))).toEqual(['Zebra crossing']);
    expect(await found('zebra giraffe')).toEqual([]);
  });
});
