import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '#kernel/id';
import { TicketSlaQueries, type TicketSlaView } from '#modules/sla';
import { ScopedDb } from '#platform/db/scoped-db';
import { createPolicyInput, updateCalendarInput } from '../sla/definition-input.ts';
import { MakeDefaultSla } from '../sla/make-default-sla.ts';
import { SlaCalendars } from '../sla/sla-calendars.ts';
import { SlaChoices } from '../sla/sla-choices.ts';
import { SlaPolicies } from '../sla/sla-policies.ts';
import type { SlaTables } from '../sla/sla-table.ts';
import { storedEvent } from '../sla/ticket-sla-store.ts';
import { makeSlaRules, replayCase } from '../sla/replay.ts';
import { readReplayInput } from '../sla/replay-input.ts';
import { CommentOnTicket } from './comment-on-ticket.ts';
import { FollowSla } from './follow-sla.ts';
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
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  // A Friday: the weekend lies ahead.
  app.clock.set('2026-11-20T09:00:00Z');
  ({
    mspId,
    clientIds: [first, second],
  } = (await buildMsp(app, { clients: 2 })) as never as { mspId: MspId; clientIds: [ClientId, ClientId] });
});

const resolve = <Part>(part: new (...deps: never[]) => Part): Part => app.container.resolve(part as never);
const makeDefault = () => resolve(MakeDefaultSla).run(staffScope(mspId), { zone: 'Europe/London' });
const follow = () => resolve(FollowSla).run(systemScope(mspId), { after: null });
const pass = (duration: string) => app.clock.advance(Temporal.Duration.from(duration));
const row = (id: TicketId) => resolve(TicketQueries).row(staffScope(mspId), id);
const nextBreach = async (id: TicketId) => (await row(id)).next_breach_at?.toString() ?? null;

async function open(input: object = {}): Promise<TicketId> {
  const all = { clientId: first, subject: 'Printer on fire', impact: 1, urgency: 3, ...input };
  return (await resolve(OpenTicket).run(staffScope(mspId), openTicketInput.parse(all))).ticketId;
}
async function update(ticketId: TicketId, change: object): Promise<void> {
  const { version } = await row(ticketId);
  await resolve(UpdateTicket).run(staffScope(mspId), { ticketId, version, ...change });
}
const reply = (ticketId: TicketId) =>
  resolve(CommentOnTicket).reply(staffScope(mspId), { ticketId, body: 'We look.', fileIds: [] });
const answer = (ticketId: TicketId) =>
  resolve(PortalTickets).reply(contactScope(mspId, first), { ticketId, body: 'And?', fileIds: [] });
async function live(id: TicketId): Promise<TicketSlaView> {
  const report = await resolve(TicketSlaQueries).report(staffScope(mspId), id);
  if (report === null) throw new Error('the ticket has no clocks');
  return report;
}

/** The events of a ticket as they were stored. */
async function eventsOf(id: TicketId) {
  const rows = await resolve(ScopedDb)
    .typed<SlaTables>()
    .read(staffScope(mspId), (query) =>
      query.selectFrom('sla_event').selectAll().where('ticket_id', '=', id).orderBy('place'),
    );
  return rows.map(storedEvent);
}

/** What the same events come to when they are judged from the start, by definitions read as the command reads them. */
async function replayed(id: TicketId) {
  const db = resolve(ScopedDb).typed<SlaTables>();
  const [policies, calendars] = await Promise.all([
    db.read(staffScope(mspId), (query) => query.selectFrom('sla_policy_version').selectAll()),
    db.read(staffScope(mspId), (query) => query.selectFrom('sla_calendar_version').selectAll()),
  ]);
  const input = readReplayInput(
    new TextEncoder().encode(
      JSON.stringify({
        policies: policies.map((one) => ({ ...one.definition, id: one.id })),
        calendars: calendars.map((one) => ({ ...one.definition, id: one.id })),
        cases: [{ id, asOf: app.clock.now(), events: await eventsOf(id) }],
      }),
    ),
  );
  return replayCase(makeSlaRules(input), input.cases[0]!);
}

describe('the clocks of a ticket', () => {
  it('say live what a replay of its events says, through all that can happen to it', async () => {
    await makeDefault();
    const urgent = createPolicyInput.parse({
      name: 'Urgent',
      targets: [1, 2, 3, 4].map((priority) => ({ priority, response: 'PT10M', resolution: 'PT1H' })),
    });
    const { policyId } = await resolve(SlaPolicies).create(staffScope(mspId), urgent);
    await resolve(SlaChoices).set(staffScope(mspId), { clientId: second, ticketType: null, policyId });
    const id = await open();
    const steps: (() => Promise<unknown>)[] = [
      () => update(id, { priority: 2 }),
      () => reply(id),
      () => update(id, { status: 'waiting-client' }),
      () => answer(id),
      () => editOffice({ holidays: [{ date: '2026-11-24' }] }).then(follow),
      () => update(id, { status: 'resolved' }),
      () => answer(id),
      () => update(id, { type: 'request' }),
      async () =>
        resolve(MoveTicket).run(staffScope(mspId), {
          ticketId: id,
          clientId: second,
          version: (await row(id)).version,
        }),
      () => update(id, { status: 'resolved' }),
      () => update(id, { status: 'closed' }),
    ];
    for (const step of steps) {
      pass('PT7H13M');
      await step();
      const { asOf, policyName: _, ...report } = await live(id);
      expect(asOf).toBe(app.clock.now().toString());
      expect(report).toEqual(await replayed(id));
    }
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual(
      'created policy priority public-reply status status client-reply status calendar resolved client-reply reopened policy resolved'.split(
        ' ',
      ),
    );
    expect((await live(id)).resolution.state).toBe('breached');
    expect(await nextBreach(id)).toBeNull();
  });

  it('follow a calendar’s edit while open, and keep the verdict that was given', async () => {
    await makeDefault();
    const id = await open();
    expect(await nextBreach(id)).toBe('2026-11-20T13:00:00Z');
    pass('PT1H');
    await reply(id);
    const met = (await live(id)).response;
    const due = await nextBreach(id);
    await editOffice({ holidays: [{ date: '2026-11-23' }] });
    await follow();
    expect(due).toBe('2026-11-24T17:00:00Z');
    expect(await nextBreach(id)).toBe('2026-11-25T17:00:00Z');
    expect((await live(id)).response).toEqual(met);
    const before = await eventsOf(id);
    await follow();
    expect(await eventsOf(id)).toEqual(before);
  });

  it('take up the rules of now when a ticket is reopened', async () => {
    await makeDefault();
    const id = await open();
    await update(id, { status: 'resolved' });
    await editOffice({ holidays: [{ date: '2026-11-23' }] });
    await follow();
    expect((await eventsOf(id)).at(-1)?.type).toBe('resolved');
    await update(id, { status: 'in-progress' });
    expect((await eventsOf(id)).slice(-2).map(({ type }) => type)).toEqual(['reopened', 'calendar']);
    expect(await nextBreach(id)).toBe('2026-11-25T17:00:00Z');
  });

  it('begin when something is promised, for tickets that were there before', async () => {
    const id = await open();
    pass('PT3H');
    await answer(id);
    // As it is of a ticket from before there were clocks.
    await forgetClocks(id);
    await makeDefault();
    await follow();
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['created', 'client-reply', 'policy']);
    pass('PT30M');
    const { response, resolution } = await live(id);
    expect(response).toMatchObject({ state: 'running', dueAt: '2026-11-20T16:00:00Z', consumed: 'PT30M' });
    expect(resolution.spans[0]).toMatchObject({ from: '2026-11-20T09:00:00Z', reason: 'no-target' });
    expect(await nextBreach(id)).toBe('2026-11-20T16:00:00Z');
  });

  it('are started by a contact who opens a ticket, and read by nobody of another client or MSP', async () => {
    await makeDefault();
    const { ticketId } = await resolve(PortalTickets).open(contactScope(mspId, first), {
      subject: 'No mail',
      body: 'Since noon.',
      type: 'incident',
      impact: 3,
      fileIds: [],
    });
    expect(await nextBreach(ticketId)).not.toBeNull();
    const other = await buildMsp(app);
    const queries = resolve(TicketSlaQueries);
    expect(await queries.report(staffScope(other.mspId), ticketId)).toBeNull();
    expect(await queries.report(staffScope(mspId, { kind: 'only', clientIds: [second] }), ticketId)).toBeNull();
    expect(await resolve(SlaPolicies).list(staffScope(other.mspId))).toEqual([]);
  });
});

describe('the choice of a policy', () => {
  it('takes the most specific, and “no SLA” for an answer', async () => {
    const { policyId } = await makeDefault();
    const set = (clientId: ClientId | null, ticketType: string | null, chosen: typeof policyId | 'none' | 'inherit') =>
      resolve(SlaChoices).set(staffScope(mspId), { clientId, ticketType, policyId: chosen });
    const isPromised = async (input: object) => (await nextBreach(await open(input))) !== null;
    await set(null, 'task', 'none');
    await set(first, null, 'none');
    await set(first, 'problem', policyId);
    expect(await isPromised({ clientId: second })).toBe(true);
    expect(await isPromised({ clientId: second, type: 'task' })).toBe(false);
    expect(await isPromised({ clientId: first })).toBe(false);
    expect(await isPromised({ clientId: first, type: 'problem' })).toBe(true);
    await set(first, null, 'inherit');
    expect(await isPromised({ clientId: first })).toBe(true);
    expect(await isPromised({ clientId: first, type: 'task' })).toBe(false);
  });
});

describe('the queue by next breach', () => {
  it('pages through what is due in its order, and then what is not', async () => {
    await makeDefault();
    const ids: TicketId[] = [];
    for (const priority of [4, 1, 3]) ids.push(await open({ priority }));
    const paused = await open();
    await update(paused, { status: 'waiting-client' });
    const list = async (input: object) => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const query = { sort: 'breach', limit: 2, ...input, ...(cursor === null ? {} : { cursor }) };
        const page = await resolve(TicketQueries).list(staffScope(mspId), listTicketsInput.parse(query));
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      return seen;
    };
    expect(await list({})).toEqual([ids[1], ids[2], ids[0], paused]);
    expect(await list({ dueBy: '2026-11-20T13:00:00Z' })).toEqual([ids[1], ids[2]]);
  });
});

async function editOffice(change: object): Promise<void> {
  const [calendar] = await resolve(SlaCalendars).list(staffScope(mspId));
  const edit = updateCalendarInput.parse({ ...calendar, calendarId: calendar?.id, ...change });
  await resolve(SlaCalendars).update(staffScope(mspId), edit);
}

async function forgetClocks(id: TicketId): Promise<void> {
  const client = new Client({ connectionString: app.database.superuserUrl });
  await client.connect();
  await client.query('delete from sla_event where ticket_id = $1', [id]);
  await client.query('delete from sla_ticket where ticket_id = $1', [id]);
  await client.end();
}
