import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import { startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import type { Id } from '#kernel/id';
import { ScopedDb } from '#platform/db/scoped-db';
import type { MailTables } from '#platform/mail/mail-table';
import { EscalateTicket } from '../escalations/escalate-ticket.ts';
import { MyNotices } from '../notices/notice-queries.ts';
import { TicketStore } from '../tickets/ticket-store.ts';
import { createPolicyInput } from './definition-input.ts';
import { FillOutcomes } from './fill-outcomes.ts';
import { RetireRules } from './retire-rules.ts';
import { SlaChoices } from './sla-choices.ts';
import { SlaPolicies } from './sla-policies.ts';
import type { SlaTables } from './sla-table.ts';
import { SweepWarnings } from './sweep-warnings.ts';

let app: TestApp;
let desk: SlaDesk;
let lead: { staffId: Id<'staff'>; loginId: Id<'login'> };
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await SlaDesk.build(app);
  const world = { mspId: desk.mspId, first: desk.first, second: desk.second };
  lead = (await addStaff(app, world, { name: 'Ada', standardRoles: ['manager'] })) as never;
});

const db = () => desk.resolve(ScopedDb).typed<SlaTables>();
const sweep = () => desk.resolve(SweepWarnings).run(systemScope(desk.mspId));
const given = () =>
  db().read(desk.staff, (query) => query.selectFrom('sla_warning').selectAll().orderBy('warned_at').orderBy('percent'));

async function makePolicy(step: object = {}) {
  const input = createPolicyInput.parse({
    name: 'Gold',
    pauseStatuses: ['waiting-client'],
    targets: [1, 2, 3, 4].map((priority) => ({ priority, resolution: 'PT4H' })),
    warnings: [{ percent: 50 }, { percent: 75, notify: ['lead', 'assignee'], ...step }, { percent: 100 }],
    leadIds: [lead.staffId],
  });
  const { policyId } = await desk.resolve(SlaPolicies).create(desk.staff, input);
  await desk.resolve(SlaChoices).set(desk.staff, { clientId: null, ticketType: null, policyId });
  return policyId;
}

/** Does for each warning what a worker does when it hears of it. */
async function escalate(): Promise<void> {
  for (const { id: warningId, ticket_id: ticketId, client_id: clientId } of await given())
    await desk.resolve(EscalateTicket).run(systemScope(desk.mspId), { ticketId, clientId, warningId });
}

describe('a warning of a ticket that somebody is just changing', () => {
  it('does not wait for them, who then wait for nobody', async () => {
    await makePolicy();
    const ticketId = await desk.open();
    desk.pass('PT3H');
    await desk.resolve(ScopedDb).transaction(systemScope(desk.mspId), async (tx) => {
      await desk.resolve(TicketStore).forChange(tx.typed(), ticketId);
      await sweep();
    });
    expect(await given()).not.toEqual([]);
  }, 20_000);
});

describe('tickets from before verdicts were columns', () => {
  it('get them in batches, and are warned of then', async () => {
    await makePolicy();
    const [open, answered] = [await desk.open(), await desk.open()];
    await desk.reply(answered);
    const columns = ['response_verdict', 'resolution_verdict', 'resolution_due_at', 'next_warning_at'] as const;
    const read = () =>
      db().read(desk.staff, (query) => query.selectFrom('sla_ticket').select(columns).orderBy('ticket_id'));
    const before = await read();
    const client = new Client({ connectionString: app.database.superuserUrl });
    await client.connect();
    await client.query(
      `update sla_ticket set needs_outcomes = true, resolution_verdict = 'none', resolution_due_at = null, next_warning_at = null where ticket_id = any($1)`,
      [[open, answered]],
    );
    await client.end();
    expect(await read()).not.toEqual(before);
    await desk.resolve(FillOutcomes).run(systemScope(desk.mspId));
    expect(await read()).toEqual(before);
    desk.pass('PT2H');
    await sweep();
    expect((await given()).map(({ percent }) => percent)).toEqual([50, 50]);
  });
});

describe('the sweep of warnings', () => {
  it('warns once of each percentage, however often and however many at once it runs', async () => {
    await makePolicy();
    await desk.open();
    await desk.open();
    desk.pass('PT1H59M');
    await sweep();
    expect(await given()).toEqual([]);
    desk.pass('PT1M');
    await Promise.all([sweep(), sweep(), sweep()]);
    await sweep();
    expect((await given()).map(({ percent }) => percent)).toEqual([50, 50]);
    desk.pass('PT3H');
    await sweep();
    expect((await given()).map(({ percent }) => percent)).toEqual([50, 50, 100, 100]);
  });

  it('is called off by a pause and by what ends the promise', async () => {
    await makePolicy();
    const [paused, done] = [await desk.open(), await desk.open()];
    desk.pass('PT1H');
    await desk.update(paused, { status: 'waiting-client' });
    await desk.update(done, { status: 'resolved' });
    desk.pass('PT30H');
    await sweep();
    expect(await given()).toEqual([]);
    await desk.update(paused, { status: 'in-progress' });
    desk.pass('PT1H');
    await sweep();
    expect((await given()).map(({ percent }) => percent)).toEqual([50]);
  });
});

describe('an escalation', () => {
  it('tells the lead once, in the console and by mail, and raises and assigns the ticket', async () => {
    await makePolicy({ raisePriority: true, assigneeId: lead.staffId });
    const id = await desk.open({ priority: 3 });
    desk.pass('PT3H');
    await sweep();
    await escalate();
    await escalate();
    const world = { mspId: desk.mspId, first: desk.first, second: desk.second };
    const mine = await desk.resolve(MyNotices).list(loginScope(world, lead.loginId, ['notices.read-own']));
    expect(mine).toMatchObject({
      unread: 1,
      items: [
        {
          kind: 'warning',
          path: `/tickets/${(await desk.row(id)).number}`,
          title: expect.stringContaining('75 % of the time'),
        },
      ],
    });
    const mails = await desk
      .resolve(ScopedDb)
      .typed<MailTables>()
      .read(desk.staff, (query) =>
        query.selectFrom('mail_outbox').selectAll().where('purpose', '=', 'escalations.sla-warning'),
      );
    expect(mails).toMatchObject([{ body_text: expect.stringContaining('due at 2026-11-20 13:00 UTC') }]);
    expect(await desk.row(id)).toMatchObject({ assignee_id: lead.staffId });
  });

  it('is refused where its people or queues are not the MSP’s', async () => {
    const input = (change: object) =>
      createPolicyInput.parse({ name: 'Bad', targets: [], warnings: [{ percent: 50, ...change }] });
    for (const field of ['assigneeId', 'queueId'])
      await expect(desk.resolve(SlaPolicies).create(desk.staff, input({ [field]: desk.mspId }))).rejects.toMatchObject({
        code: 'sla.reference-not-found',
        fields: [{ path: ['warnings', 0, field] }],
      });
    const twice = { name: 'Bad', targets: [], warnings: [{ percent: 50 }, { percent: 50 }] };
    expect(createPolicyInput.safeParse(twice).error?.issues[0]?.path).toEqual(['warnings', 1, 'percent']);
  });
});

describe('retiring', () => {
  it('is refused with the reason where something is in use, and frees the name', async () => {
    const { policyId, calendarId } = await desk.makeDefault();
    const retire = desk.resolve(RetireRules);
    await expect(retire.policy(desk.staff, { policyId })).rejects.toMatchObject({
      code: 'sla.policy-in-use',
      message: 'Standard is chosen for every client. Choose another policy there first.',
    });
    await expect(retire.calendar(desk.staff, { calendarId })).rejects.toMatchObject({
      code: 'sla.calendar-in-use',
      message: 'Standard counts by Office hours. Give it another calendar first.',
    });
    const id = await desk.open();
    await desk.resolve(SlaChoices).set(desk.staff, { clientId: null, ticketType: null, policyId: 'inherit' });
    await retire.policy(desk.staff, { policyId });
    await retire.calendar(desk.staff, { calendarId });
    expect(await desk.resolve(SlaPolicies).list(desk.staff)).toEqual([]);
    expect((await desk.live(id)).resolution.state).toBe('running');
    const set = { clientId: null, ticketType: null, policyId };
    await expect(desk.resolve(SlaChoices).set(desk.staff, set)).rejects.toMatchObject({ code: 'sla.policy-not-found' });
    await desk.makeDefault();
  });
});
