import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import { contactScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import type { Id } from '#kernel/id';
import { ScopedDb } from '#platform/db/scoped-db';
import { EscalateTicket } from '../escalations/escalate-ticket.ts';
import { GivenWarnings } from '../escalations/given-warnings.ts';
import { MyNotices } from '../notices/notice-queries.ts';
import { ReportOlas, olaReportInput, olaReportTicketsInput } from '../reporting/report-olas.ts';
import { createPolicyInput, updatePolicyInput } from '../sla/definition-input.ts';
import { readReplayInput } from '../sla/replay-input.ts';
import { makeSlaRules, replayCase } from '../sla/replay.ts';
import { RetireRules } from '../sla/retire-rules.ts';
import { SlaChoices } from '../sla/sla-choices.ts';
import { SlaPolicies } from '../sla/sla-policies.ts';
import type { SlaTables } from '../sla/sla-table.ts';
import { TeamChoices } from '../sla/team-choices.ts';
import { storedEvent } from '../sla/ticket-sla-store.ts';
import { Teams } from '../teams/teams.ts';
import type { TicketId } from '../tickets/ticket-table.ts';
import { FollowTeams } from './follow-teams.ts';
import type { OlaTables } from './ola-table.ts';
import { StayQueries } from './stay-queries.ts';
import { SweepStayWarnings } from './sweep-stay-warnings.ts';

let app: TestApp;
let desk: SlaDesk;
let lead: { staffId: Id<'staff'>; loginId: Id<'login'> };
let red: Id<'team'>;
let blue: Id<'team'>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await SlaDesk.build(app);
  const world = { mspId: desk.mspId, first: desk.first, second: desk.second };
  lead = (await addStaff(app, world, { name: 'Ada', standardRoles: ['manager'] })) as never;
  const members = [{ staffId: lead.staffId, isLead: true }];
  red = (await desk.resolve(Teams).create(desk.staff, { name: 'Red', members })).teamId;
  blue = (await desk.resolve(Teams).create(desk.staff, { name: 'Blue', members: [] })).teamId;
});

const db = () => desk.resolve(ScopedDb).typed<OlaTables & SlaTables>();
const system = () => systemScope(desk.mspId);
const followed = (id: TicketId) => desk.resolve(FollowTeams).one(system(), id);
const followAll = () => desk.resolve(FollowTeams).run(system(), { after: null });
const choose = (teamId: Id<'team'> | null, policyId: Id<'sla-policy'> | 'none' | 'inherit') =>
  desk.resolve(TeamChoices).set(desk.staff, { teamId, policyId });

async function makeOla(change: object = {}): Promise<Id<'sla-policy'>> {
  const targets = [1, 2, 3, 4].map((priority) => ({ priority, resolution: 'PT4H' }));
  const input = createPolicyInput.parse({
    name: 'Second line',
    kind: 'ola',
    pauseStatuses: ['waiting-client'],
    targets,
    ...change,
  });
  return (await desk.resolve(SlaPolicies).create(desk.staff, input)).policyId;
}

async function staysOf(id: TicketId) {
  await followed(id);
  const { stays } = await desk.resolve(StayQueries).report(desk.staff, id);
  return stays.map(({ teamName, policyName, state, consumed, to }) => [
    teamName,
    policyName,
    state,
    consumed,
    to === null,
  ]);
}

/** What the stored events come to when the command replays them. */
async function replayed(id: TicketId) {
  const rows = await db().read(desk.staff, (query) =>
    query.selectFrom('ola_event').selectAll().where('ticket_id', '=', id).orderBy('place'),
  );
  const policies = await db().read(desk.staff, (query) => query.selectFrom('sla_policy_version').selectAll());
  const calendars = await db().read(desk.staff, (query) => query.selectFrom('sla_calendar_version').selectAll());
  const input = readReplayInput(
    Buffer.from(
      JSON.stringify({
        policies: policies.map((one) => ({ ...one.definition, id: one.id })),
        calendars: calendars.map((one) => ({ ...one.definition, id: one.id })),
        cases: [{ id, asOf: app.clock.now(), events: rows.map(storedEvent) }],
      }),
    ),
  );
  return replayCase(makeSlaRules(input), input.cases[0]!).teams;
}

describe('the clock of a team', () => {
  it('runs from when the team gets the ticket until it leaves it, each stay by itself', async () => {
    await choose(null, await makeOla());
    const id = await desk.open({ teamId: red });
    desk.pass('PT1H');
    expect(await staysOf(id)).toEqual([['Red', 'Second line', 'running', 'PT1H', true]]);
    desk.pass('PT4H');
    await desk.update(id, { teamId: blue });
    desk.pass('PT30M');
    await desk.update(id, { teamId: red });
    desk.pass('PT10M');
    await desk.update(id, { status: 'waiting-client' });
    desk.pass('PT10H');
    expect(await staysOf(id)).toEqual([
      ['Red', 'Second line', 'breached', 'PT5H', false],
      ['Blue', 'Second line', 'met', 'PT30M', false],
      ['Red', 'Second line', 'paused', 'PT10M', true],
    ]);
    const days = olaReportInput.parse({ from: '2026-11-20', to: '2026-11-21', zone: 'UTC' });
    const { items } = await desk.resolve(ReportOlas).run(desk.staff, days);
    const promised = { none: 0, undecided: 0 };
    expect(items).toMatchObject([
      { teamName: 'Blue', ...promised, met: 1, breached: 0, denominator: 1, rate: 1, median: 1800 },
      { teamName: 'Red', none: 0, met: 0, breached: 1, undecided: 1, denominator: 1, rate: 0, median: 18_000 },
    ]);
    const behind = olaReportTicketsInput.parse({ ...days, teamId: red, outcome: 'undecided' });
    expect(await desk.resolve(ReportOlas).tickets(desk.staff, behind)).toMatchObject([{ ticketId: id }]);
    await desk.update(id, { status: 'resolved' });
    // The client reopens it, who sees nothing of teams.
    await desk.answer(id);
    desk.pass('PT1H');
    expect((await staysOf(id)).slice(2)).toEqual([
      ['Red', 'Second line', 'met', 'PT10M', false],
      ['Red', 'Second line', 'running', 'PT1H', true],
    ]);
  });

  it('holds nothing against a team from before its OLA was chosen, or for "no OLA"', async () => {
    const id = await desk.open({ teamId: red });
    desk.pass('PT10H');
    await choose(null, await makeOla());
    await followAll();
    desk.pass('PT1H');
    expect(await staysOf(id)).toEqual([['Red', 'Second line', 'running', 'PT1H', true]]);
    await choose(red, 'none');
    await followAll();
    desk.pass('PT9H');
    expect(await staysOf(id)).toEqual([['Red', null, 'none', 'PT1H', true]]);
  });

  it('warns the lead of the team once, and not once the ticket has left the team', async () => {
    await choose(red, await makeOla({ warnings: [{ percent: 50, notify: ['lead'] }, { percent: 100 }] }));
    const id = await desk.open({ teamId: red });
    await followed(id);
    desk.pass('PT2H');
    const sweep = () => desk.resolve(SweepStayWarnings).run(system());
    await Promise.all([sweep(), sweep()]);
    const given = await db().read(desk.staff, (query) => query.selectFrom('ola_warning').selectAll());
    expect(given).toMatchObject([{ percent: 50, ticket_id: id }]);
    const { id: warningId, ticket_id: ticketId, client_id: clientId } = given[0]!;
    const escalate = () => desk.resolve(EscalateTicket).ofStay(system(), { ticketId, clientId, warningId });
    await escalate();
    await escalate();
    const world = { mspId: desk.mspId, first: desk.first, second: desk.second };
    const mine = await desk.resolve(MyNotices).list(loginScope(world, lead.loginId, []));
    expect(mine.items.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^T-\d+ \(P\d\) the time with Red: 50 % of the time is used/),
    ]);
    expect((await desk.resolve(GivenWarnings).of(desk.staff, id)).items).toMatchObject([
      { measure: 'team', teamName: 'Red', percent: 50, policyName: 'Second line', told: ['Ada'], done: [] },
    ]);
    await desk.update(id, { teamId: blue });
    await followed(id);
    desk.pass('PT10H');
    await sweep();
    expect(await db().read(desk.staff, (query) => query.selectFrom('ola_warning').select('percent'))).toHaveLength(1);
  });

  it('says what a replay of its events says, whatever happened', async () => {
    const { calendarId } = await desk.makeDefault();
    const [hours, strict] = [
      await makeOla({
        targets: [1, 2, 3, 4].map((priority) => ({ priority, resolution: `PT${priority * 2}H`, calendarId })),
      }),
      await makeOla({ name: 'Strict', targets: [{ priority: 3, resolution: 'PT1H' }] }),
    ];
    let edits = 0;
    const does: Record<string, (id: TicketId) => Promise<unknown>> = {
      red: (id) => desk.update(id, { teamId: red }),
      blue: (id) => desk.update(id, { teamId: blue }),
      nobody: (id) => desk.update(id, { teamId: null }),
      wait: (id) => desk.update(id, { status: 'waiting-client' }),
      work: (id) => desk.update(id, { status: 'in-progress' }),
      resolve: (id) => desk.update(id, { status: 'resolved' }),
      raise: (id) => desk.update(id, { priority: 1 }),
      follow: followed,
      swap: () => choose(red, strict).then(followAll),
      none: () => choose(red, 'none').then(followAll),
      edit: async () => {
        edits += 1;
        await desk.editOffice({
          windows: [{ days: ['mon', 'tue', 'fri'], from: '09:00', to: `${12 + (edits % 8)}:00` }],
        });
        await followAll();
      },
    };
    const step = fc.tuple(fc.constantFrom(...Object.keys(does)), fc.integer({ min: 0, max: 600 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
        await choose(red, hours);
        await choose(blue, strict);
        const id = await desk.open({ teamId: red });
        for (const [command, minutes] of steps) {
          desk.pass(`PT${minutes}M`);
          await does[command]!(id).catch((error: unknown) => {
            if (!(error instanceof Error) || !('code' in error) || error.code !== 'tickets.status-not-reachable')
              throw error;
          });
        }
        await followed(id);
        const { stays } = await desk.resolve(StayQueries).report(desk.staff, id);
        const live = stays.map((stay) => {
          const { teamId: team, teamName: _, policyName: __, ...rest } = stay;
          return { team, ...rest };
        });
        expect(live.length).toBeGreaterThan(0);
        expect(live).toEqual(await replayed(id));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });

  it('is nothing that a contact sees', async () => {
    await choose(null, await makeOla());
    await followed(await desk.open({ teamId: red }));
    const contact = contactScope(desk.mspId, desk.first);
    for (const table of ['ola_ticket', 'ola_event', 'ola_stay', 'ola_warning', 'sla_team_choice'] as const)
      expect(await db().read(contact, (query) => query.selectFrom(table).select('msp_id'))).toEqual([]);
    expect(await db().read(desk.staff, (query) => query.selectFrom('ola_stay').select('msp_id'))).toHaveLength(1);
  });
});

describe('an OLA', () => {
  it('promises nothing but the time with the team, is no SLA, and stays while a team has it', async () => {
    const targets = [{ priority: 1, response: 'PT1H', resolution: 'PT4H' }];
    expect(createPolicyInput.safeParse({ name: 'x', kind: 'ola', targets }).error?.issues[0]?.path).toEqual([
      'targets',
      0,
      'response',
    ]);
    const policyId = await makeOla();
    const edit = updatePolicyInput.parse({ policyId, version: 1, name: 'x', targets });
    await expect(desk.resolve(SlaPolicies).update(desk.staff, edit)).rejects.toMatchObject({ code: 'sla.bad-ola' });
    const asSla = { clientId: null, ticketType: null, policyId };
    await expect(desk.resolve(SlaChoices).set(desk.staff, asSla)).rejects.toMatchObject({
      code: 'sla.policy-not-found',
    });
    await choose(red, policyId);
    await expect(desk.resolve(RetireRules).policy(desk.staff, { policyId })).rejects.toMatchObject({
      code: 'sla.policy-in-use',
    });
    await choose(red, 'inherit');
    await desk.resolve(RetireRules).policy(desk.staff, { policyId });
    await expect(choose(red, policyId)).rejects.toMatchObject({ code: 'sla.policy-not-found' });
  });
});
