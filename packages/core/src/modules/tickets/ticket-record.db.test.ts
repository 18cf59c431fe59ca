import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '#kernel/id';
import { PriorityMatrix } from '../desk-catalogue/priority-matrix.ts';
import { createCategoryInput, TicketCategories } from '../desk-catalogue/ticket-categories.ts';
import { createFieldInput, TicketFields, updateFieldInput } from '../desk-fields/ticket-fields.ts';
import { createContactInput, SaveContact } from '../tenancy/save-contact.ts';
import { SnoozeTicket, snoozeTicketInput } from '../ticket-snooze/snooze-ticket.ts';
import { CommentOnTicket } from './comment-on-ticket.ts';
import { MoveTicket } from './move-ticket.ts';
import { OpenTicket, openTicketInput } from './open-ticket.ts';
import { PortalTickets } from './portal-tickets.ts';
import { listTicketsInput } from './ticket-list-queries.ts';
import { TicketQueries } from './ticket-queries.ts';
import type { TicketId } from './ticket-table.ts';
import { UpdateTicket } from './update-ticket.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
beforeAll(async () => {
  app = await startTestApp();
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  [first, second] = msp.clientIds as [ClientId, ClientId];
});
afterAll(() => app[Symbol.asyncDispose]());

const scope = () => staffScope(mspId);
async function open(more: object = {}): Promise<TicketId> {
  const input = openTicketInput.parse({ clientId: first, subject: 'Help', ...more });
  return (await app.container.resolve(OpenTicket).run(scope(), input)).ticketId;
}
const get = (id: TicketId) => app.container.resolve(TicketQueries).get(scope(), id);
const change = async (ticketId: TicketId, more: object) =>
  app.container.resolve(UpdateTicket).run(scope(), { ticketId, version: (await get(ticketId)).version, ...more });
const contact = async (name: string, isVip: boolean, clientId = first) =>
  (
    await app.container
      .resolve(SaveContact)
      .create(scope(), createContactInput.parse({ clientId, name, email: `${name}@example.test`, isVip }))
  ).contactId;
const field = async (more: object) =>
  (
    await app.container
      .resolve(TicketFields)
      .create(scope(), createFieldInput.parse({ type: 'text', ticketTypes: ['task'], ...more }))
  ).fieldId;

describe('the priority of a ticket', () => {
  it('comes from the MSP’s matrix, raised for a VIP, until somebody names another, and says why', async () => {
    const id = await open({ contactId: await contact('boss', true) });
    expect(await get(id)).toMatchObject({
      priority: 2,
      isVip: true,
      isPrioritySet: false,
      priorityReason: 'medium impact × medium urgency: P3; raised to P2 for a VIP',
    });
    await change(id, { priority: 4 });
    expect(await get(id)).toMatchObject({ priority: 4, priorityReason: 'set by Test Technician' });
    await change(id, { contactId: await contact('clerk', false) });
    expect(await get(id)).toMatchObject({ priority: 4, isVip: false, isPrioritySet: true });
    const matrix = app.container.resolve(PriorityMatrix);
    await matrix.set(scope(), { version: 0, cells: [1, 1, 1, 1, 1, 1, 1, 1, 1], vipSteps: 0 });
    expect((await get(id)).priority).toBe(4);
    await change(id, { impact: 3 });
    expect(await get(id)).toMatchObject({ priority: 1, isPrioritySet: false });
    await expect(
      matrix.set(scope(), { version: 0, cells: [1, 1, 1, 1, 1, 1, 1, 1, 1], vipSteps: 0 }),
    ).rejects.toMatchObject({ code: 'desk-catalogue.matrix-changed' });
  });
});

describe('categories', () => {
  it('go three levels deep, are for types of ticket, and once retired take nothing with all below them', async () => {
    const categories = app.container.resolve(TicketCategories);
    const make = async (name: string, parentId: string | null, ticketTypes: string[] = []) =>
      (await categories.create(scope(), createCategoryInput.parse({ name, parentId, ticketTypes }))).categoryId;
    const top = await make('Access', null, ['request']);
    const low = await make('VPN', top);
    const last = await make('Token', low);
    await expect(make('Lost', last)).rejects.toMatchObject({ code: 'desk-catalogue.category-too-deep' });
    await expect(make('vpn', top)).rejects.toMatchObject({ code: 'desk-catalogue.category-name-taken' });
    const id = await open({ type: 'request', categoryId: last });
    expect(await get(id)).toMatchObject({ categoryName: 'Token' });
    expect((await categories.list(scope())).find((one) => one.id === last)?.path).toBe('Access › VPN › Token');
    await expect(open({ categoryId: low })).rejects.toMatchObject({ code: 'desk-catalogue.category-not-found' });
    await expect(change(id, { type: 'incident' })).rejects.toMatchObject({ fields: [{ path: ['categoryId'] }] });
    await change(id, { type: 'incident', categoryId: null });
    await categories.update(scope(), { categoryId: top, version: 1, name: 'Access', ticketTypes: [], isActive: false });
    await expect(open({ categoryId: last })).rejects.toMatchObject({ code: 'desk-catalogue.category-not-found' });
  });
});

describe('custom fields', () => {
  it('are filled in by their type, found by their words, and refused naming the place', async () => {
    const [cause, count] = [await field({ name: 'Cause' }), await field({ name: 'Seats', type: 'number', max: '10' })];
    const values = [
      { fieldId: cause, value: 'A thunderstruck modem' },
      { fieldId: count, value: 3 },
    ];
    const id = await open({ type: 'task', values });
    expect((await get(id)).values).toMatchObject([
      { name: 'Cause', value: 'A thunderstruck modem' },
      { name: 'Seats', value: '3', text: '3' },
    ]);
    const found = await app.container
      .resolve(TicketQueries)
      .list(scope(), listTicketsInput.parse({ tab: 'all', search: 'thunders' }));
    expect(found.items.map((ticket) => ticket.id)).toEqual([id]);
    await expect(change(id, { values: [{ fieldId: count, value: 11 }] })).rejects.toMatchObject({
      code: 'desk-fields.value-refused',
      fields: [{ path: ['values', 0, 'value'], message: 'must be at most 10' }],
    });
    await expect(open({ type: 'incident', values })).rejects.toMatchObject({ code: 'desk-fields.field-not-found' });
    await change(id, { values: [{ fieldId: cause, value: null }] });
    expect((await get(id)).values).toHaveLength(1);
  });

  it('name things of the ticket’s client alone, and let go of them when the client is corrected', async () => {
    const buddy = await field({ name: 'Buddy', type: 'contact' });
    const [ours, theirs] = [await contact('ann', false), await contact('eve', false, second)];
    await expect(open({ type: 'task', values: [{ fieldId: buddy, value: theirs }] })).rejects.toMatchObject({
      fields: [{ path: ['values', 0, 'value'], message: 'must be a contact of this client' }],
    });
    const id = await open({ type: 'task', values: [{ fieldId: buddy, value: ours }] });
    expect((await get(id)).values).toMatchObject([{ text: 'ann' }]);
    await app.container.resolve(MoveTicket).run(scope(), { ticketId: id, version: 1, clientId: second });
    expect((await get(id)).values).toEqual([]);
  });

  it('that must be filled in hold up people who resolve without them, and no machine', async () => {
    const fieldId = await field({ name: 'Root', requiredOn: 'resolve', ticketTypes: ['problem'] });
    const id = await open({ type: 'problem' });
    await expect(change(id, { status: 'resolved' })).rejects.toMatchObject({
      code: 'desk-fields.value-required',
      fields: [{ path: ['values', fieldId], message: 'must be filled in' }],
    });
    await change(id, { status: 'resolved', values: [{ fieldId, value: 'Rust' }] });
    const other = await open({ type: 'problem' });
    await app.container
      .resolve(UpdateTicket)
      .run(systemScope(mspId), { ticketId: other, version: 1, status: 'resolved' });
    await field({ name: 'Site', requiredOn: 'open', ticketTypes: ['problem'] });
    await expect(open({ type: 'problem' })).rejects.toMatchObject({ code: 'desk-fields.value-required' });
  });

  it('are hidden from contacts unless public, values with them, in searches too', async () => {
    const id = await open({
      type: 'task',
      values: [
        { fieldId: await field({ name: 'Secret' }), value: 'zebrafish' },
        { fieldId: await field({ name: 'Shown', isPublic: true }), value: 'yellowtail' },
      ],
    });
    const portal = app.container.resolve(PortalTickets);
    const search = async (words: string) =>
      (await portal.list(contactScope(mspId, first), { tab: 'all', search: words, limit: 10 })).items.map(
        (one) => one.id,
      );
    expect(await search('zebrafish')).toEqual([]);
    expect(await search('yellowtail')).toEqual([id]);
    const seen = await app.container.resolve(TicketFields).list(contactScope(mspId, first));
    expect(seen.map(({ name }) => name)).toEqual(['Shown']);
  });

  it('keep the choices that tickets have when these are retired', async () => {
    const fields = app.container.resolve(TicketFields);
    const fieldId = await field({ name: 'Colour', type: 'multi-choice', choices: ['Red', 'Green'] });
    const definition = async () => (await fields.list(scope())).find((one) => one.id === fieldId)!;
    const [red, green] = (await definition()).choices;
    const id = await open({ type: 'task', values: [{ fieldId, value: [green!.id, red!.id] }] });
    const kept = { ...(await definition()), fieldId, choices: [{ choiceId: green!.id, label: 'Lime' }] };
    await fields.update(scope(), updateFieldInput.parse(kept));
    expect((await get(id)).values).toMatchObject([{ text: expect.stringMatching(/Lime.*Red|Red.*Lime/) }]);
    await expect(change(id, { values: [{ fieldId, value: [red!.id] }] })).rejects.toMatchObject({
      code: 'desk-fields.value-refused',
    });
  });
});

describe('SnoozeTicket', () => {
  const snooze = async (ticketId: TicketId, more: object) =>
    app.container
      .resolve(SnoozeTicket)
      .run(scope(), snoozeTicketInput.parse({ ticketId, version: (await get(ticketId)).version, ...more }));

  it('wakes in time by the snooze that the job was sent for, with a mark that goes when somebody works on it', async () => {
    const id = await open();
    const until = app.clock.now().add({ hours: 2 }).toString();
    await snooze(id, { until });
    expect(await get(id)).toMatchObject({ isSnoozed: true, snoozedUntil: until });
    const job = app.container.resolve(SnoozeTicket);
    await job.wakeInTime(systemScope(mspId), { ticketId: id, until: app.clock.now().add({ hours: 1 }).toString() });
    expect((await get(id)).isSnoozed).toBe(true);
    await job.wakeInTime(systemScope(mspId), { ticketId: id, until });
    expect(await get(id)).toMatchObject({ isSnoozed: false, wokenAt: app.clock.now().toString() });
    await change(id, { subject: 'Help us' });
    expect((await get(id)).wokenAt).toBeNull();
  });

  it('is woken by the client’s reply where it waits for one, and not by staff', async () => {
    const [waits, sleeps] = [await open(), await open()];
    await snooze(waits, {});
    await snooze(sleeps, { until: app.clock.now().add({ hours: 2 }).toString(), untilReply: false });
    const comments = app.container.resolve(CommentOnTicket);
    await comments.reply(scope(), { ticketId: waits, body: 'Please look.', fileIds: [] });
    expect((await get(waits)).isSnoozed).toBe(true);
    for (const ticketId of [waits, sleeps])
      await comments.reply(contactScope(mspId, first), { ticketId, body: 'Done.', fileIds: [] });
    expect(await get(waits)).toMatchObject({ isSnoozed: false });
    expect((await get(waits)).history.at(-1)).toMatchObject({
      kind: 'client-reply',
      reason: 'it was snoozed, and is back',
    });
    expect(await get(sleeps)).toMatchObject({ isSnoozed: true });
    await change(sleeps, { status: 'resolved' });
    expect(await get(sleeps)).toMatchObject({ isSnoozed: false, wokenAt: null });
  });

  it('refuses a moment that is past, one that never comes, and a ticket that is done', async () => {
    const id = await open();
    const past = app.clock.now().subtract({ minutes: 1 }).toString();
    await expect(snooze(id, { until: past })).rejects.toMatchObject({ fields: [{ message: 'is past' }] });
    await expect(snooze(id, { untilReply: false })).rejects.toMatchObject({ code: 'ticket-snooze.no-end' });
    await change(id, { status: 'closed' });
    await expect(snooze(id, {})).rejects.toMatchObject({ code: 'ticket-snooze.not-open' });
  });
});
