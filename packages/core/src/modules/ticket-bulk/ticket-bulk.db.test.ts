import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drainJobs } from '../../../../../test/support/drain-jobs.ts';
import { RuleDesk } from '../../../../../test/support/rule-desk.ts';
import { startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import type { TenantScope } from '#kernel/tenant-scope';
import { MyNotices } from '../notices/notice-queries.ts';
import { createCategoryInput, TicketCategories } from '../desk-catalogue/ticket-categories.ts';
import { startBulkInput, startBulkOnListInput } from './bulk-input.ts';
import { BulkQueries } from './bulk-queries.ts';
import { ChangeMany } from './change-many.ts';

let app: TestApp;
let desk: RuleDesk;
let ada: TenantScope;
let staffId: string;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await RuleDesk.build(app);
  const added = await addStaff(app, desk, { name: 'Ada', standardRoles: ['technician'] });
  ({ staffId } = added);
  ada = loginScope(desk, added.loginId, ['tickets.work-tickets', 'tickets.read-tickets']);
});

const start = (input: object) => desk.of(ChangeMany).start(ada, startBulkInput.parse(input));
const startOnList = (input: object) => desk.of(ChangeMany).startOnList(ada, startBulkOnListInput.parse(input));
const settle = () => drainJobs(app, 'ticket-bulk');
const run = (id: string) => desk.of(BulkQueries).get(ada, id as never);
const openSome = async (count: number, more: object = {}) => {
  const ids = [];
  for (let index = 0; index < count; index += 1) ids.push(await desk.open(more));
  return ids;
};

describe('a change of many tickets', () => {
  it('goes over all that match, skips what refuses and says why, tells the bell, and is taken back', async () => {
    const ids = await openSome(43, { subject: 'Printer' });
    await openSome(1, { subject: 'Printer', type: 'request' });
    await desk.update(ids[0]!, { status: 'closed' });
    const parentId = null;
    const category = createCategoryInput.parse({ name: 'Printing', parentId });
    const { categoryId } = await desk.of(TicketCategories).create(desk.staff, category);
    const filter = { tab: 'all', types: ['incident'] };
    const { runId, total } = await startOnList({ filter, change: { status: 'waiting-client', categoryId } });
    expect(total).toBe(43);
    await settle();
    const done = await run(runId);
    expect(done).toMatchObject({ state: 'done', total: 43, changed: 42, skipped: 1, waiting: 0, byName: 'Ada' });
    expect(done.reasons).toEqual([
      { message: 'A ticket that is closed cannot become waiting on client.', count: 1, ticketNumbers: [1] },
    ]);
    const changed = await desk.ticket(ids[1]!);
    expect(changed).toMatchObject({ status: 'waiting-client', categoryId });
    expect(changed.history.findLast(({ kind }) => kind === 'status')).toMatchObject({ actorName: 'Ada' });
    expect((await desk.of(MyNotices).list(ada)).items).toMatchObject([
      { title: 'Changed 42 tickets, skipped 1', path: `/tickets?bulk=${runId}` },
    ]);

    await desk.update(ids[2]!, { priority: 1 });
    await desk.of(ChangeMany).undo(ada, runId);
    await settle();
    expect(await run(runId)).toMatchObject({ state: 'undone', undone: 41, kept: 1, skipped: 1 });
    expect(await desk.ticket(ids[1]!)).toMatchObject({ status: 'new', categoryId: null });
    expect(await desk.ticket(ids[2]!)).toMatchObject({ status: 'waiting-client', priority: 1 });
  });

  it('notes and snoozes, and wakes again when it is taken back', async () => {
    const [id] = await openSome(1);
    const { runId } = await start({ ticketIds: [id], change: { note: 'Waits for parts.', snooze: {}, priority: 4 } });
    await settle();
    expect(await desk.ticket(id!)).toMatchObject({ isSnoozed: true, priority: 4 });
    expect((await desk.ticket(id!)).comments.at(-1)).toMatchObject({
      body: 'Waits for parts.',
      visibility: 'internal',
    });
    await desk.of(ChangeMany).undo(ada, runId);
    await settle();
    expect(await desk.ticket(id!)).toMatchObject({ isSnoozed: false, priority: 3 });
  });

  it('stops where its person may not any more, or is told to, and touches nothing out of reach', async () => {
    const ids = await openSome(2);
    const first = await start({ ticketIds: ids, change: { priority: 1 } });
    await desk.of(ChangeMany).stop(ada, first.runId);
    await settle();
    expect(await run(first.runId)).toMatchObject({ state: 'stopped', changed: 0, waiting: 2, reason: null });
    const second = await start({ ticketIds: ids, change: { priority: 1 } });
    await desk.sql("update identity_staff set reach = 'except', reach_clients = array[$2::uuid] where id = $1", [
      staffId,
      desk.clientId,
    ]);
    await settle();
    expect(await desk.of(BulkQueries).get(desk.staff, second.runId)).toMatchObject({
      changed: 0,
      skipped: 2,
      reasons: [{ message: 'Its client is out of reach.', count: 2 }],
    });
    const third = await start({ ticketIds: ids, change: { priority: 1 } });
    await desk.sql('update identity_staff set removed_at = now() where id = $1', [staffId]);
    await settle();
    expect(await run(third.runId)).toMatchObject({
      state: 'stopped',
      changed: 0,
      reason: expect.stringMatching(/may not/),
    });
    expect((await desk.ticket(ids[0]!)).priority).toBe(3);
  });

  it('refuses nothing to change, no match, and a second undo', async () => {
    const [id] = await openSome(1);
    expect(startBulkInput.safeParse({ ticketIds: [id], change: {} }).success).toBe(false);
    await expect(startOnList({ filter: { tab: 'closed' }, change: { priority: 1 } })).rejects.toMatchObject({
      code: 'ticket-bulk.no-tickets',
    });
    const { runId } = await start({ ticketIds: [id], change: { priority: 1 } });
    await expect(desk.of(ChangeMany).undo(ada, runId)).rejects.toMatchObject({ code: 'ticket-bulk.run-over' });
  });
});
