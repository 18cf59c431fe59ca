import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff } from '../../../../../test/support/world-identity.ts';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { createCategoryInput, TicketCategories } from '../desk-catalogue/ticket-categories.ts';
import { addAbsenceInput, Absences } from '../teams/absences.ts';
import { Skills } from '../teams/skills.ts';
import { createTeamInput, Teams } from '../teams/teams.ts';
import type { TeamId } from '../teams/team-table.ts';
import { OpenTicket, openTicketInput } from '../tickets/open-ticket.ts';
import { TicketQueries } from '../tickets/ticket-queries.ts';
import type { TicketId } from '../tickets/ticket-table.ts';
import { UpdateTicket } from '../tickets/update-ticket.ts';
import { AssignTicket, assignTicketInput } from './assign-ticket.ts';
import { AssignmentRules, createRuleInput } from './assignment-rules.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
const staff = new Map<string, string>();

beforeAll(async () => {
  app = await startTestApp();
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  [first, second] = msp.clientIds as [ClientId, ClientId];
  for (const name of ['Ada', 'Bob', 'Cleo']) {
    const { staffId } = await addStaff(
      app,
      { mspId },
      {
        name,
        standardRoles: ['technician'],
        ...(name === 'Cleo' ? { onlyClients: [first] } : {}),
      },
    );
    staff.set(staffId, name);
  }
});
afterAll(() => app[Symbol.asyncDispose]());

const scope = () => staffScope(mspId);
const idOf = (name: string) => [...staff].find(([, one]) => one === name)?.[0] as never;
const open = async (more: object = {}): Promise<TicketId> =>
  (
    await app.container
      .resolve(OpenTicket)
      .run(scope(), openTicketInput.parse({ clientId: first, subject: 'Help', ...more }))
  ).ticketId;
const team = async (name: string, names = ['Ada', 'Bob', 'Cleo']): Promise<TeamId> =>
  (
    await app.container
      .resolve(Teams)
      .create(scope(), createTeamInput.parse({ name, members: names.map((one) => ({ staffId: idOf(one) })) }))
  ).teamId;
const get = (id: TicketId) => app.container.resolve(TicketQueries).get(scope(), id);
const assign = async (teamId: TeamId, method: string, more: object = {}, clientId = first) => {
  const ticketId = await open({ clientId });
  const input = assignTicketInput.parse({ ticketId, version: 1, teamId, method, ...more });
  const { assigneeId, reason } = await app.container.resolve(AssignTicket).run(scope(), input);
  return { name: staff.get(assigneeId ?? '') ?? null, reason, ticketId };
};

describe('AssignTicket', () => {
  it('goes round a team in turn, also where all tickets come at once, and keeps why', async () => {
    const desk = await team('Service desk');
    const all = await Promise.all(Array.from({ length: 9 }, () => assign(desk, 'round-robin')));
    const counts = Map.groupBy(all, ({ name }) => name ?? '');
    expect(
      [...counts].map(([name, list]) => [name, list.length] as const).toSorted(([a], [b]) => a.localeCompare(b)),
    ).toEqual([
      ['Ada', 3],
      ['Bob', 3],
      ['Cleo', 3],
    ]);
    const [one] = all;
    const ticket = await get(one!.ticketId);
    expect(ticket).toMatchObject({ teamName: 'Service desk', assigneeName: one!.name });
    expect(ticket.history.filter(({ kind }) => kind === 'assignee')).toMatchObject([
      { reason: 'round robin of Service desk' },
    ]);
  });

  it('passes over who is away, and who does not reach the client', async () => {
    const desk = await team('Night desk');
    const absences = app.container.resolve(Absences);
    const startsAt = app.clock.now().subtract({ minutes: 1 }).toString();
    const { absenceId } = await absences.add(scope(), addAbsenceInput.parse({ staffId: idOf('Ada'), startsAt }));
    expect((await assign(desk, 'round-robin', {}, second)).name).toBe('Bob');
    expect((await assign(desk, 'round-robin', {}, second)).name).toBe('Bob');
    await absences.end(scope(), { absenceId });
    expect((await assign(desk, 'round-robin', {}, second)).name).toBe('Ada');
    const nobody = await assign(await team('Cleo alone', ['Cleo']), 'round-robin', {}, second);
    expect(nobody).toMatchObject({ name: null, reason: 'nobody of Cleo alone is there' });
    expect(await get(nobody.ticketId)).toMatchObject({ teamName: 'Cleo alone', assigneeId: null });
  });

  it('takes who has least, and who knows most', async () => {
    const desk = await team('Loaded');
    for (const name of ['Ada', 'Ada', 'Bob', 'Cleo', 'Cleo', 'Cleo', 'Cleo', 'Cleo', 'Cleo', 'Cleo'])
      await open({ assigneeId: idOf(name) });
    for (let more = 0; more < 8; more += 1) await open({ assigneeId: idOf('Ada') });
    expect((await assign(desk, 'least-load')).name).toBe('Bob');
    const skills = app.container.resolve(Skills);
    const { skillId } = await skills.create(scope(), { name: 'Exchange' });
    await skills.setLevel(scope(), { skillId, staffId: idOf('Cleo'), level: 3 });
    await skills.setLevel(scope(), { skillId, staffId: idOf('Bob'), level: 2 });
    expect(await assign(desk, 'skill', { skillId })).toMatchObject({ name: 'Cleo', reason: 'best skilled of Loaded' });
    await expect(assign(desk, 'skill')).rejects.toMatchObject({ code: 'ticket-assignment.skill-missing' });
  });

  it('gives a new ticket to the team of the first rule that is for it, by the tree of categories', async () => {
    const categories = app.container.resolve(TicketCategories);
    const make = (name: string, parentId: string | null) =>
      categories.create(scope(), createCategoryInput.parse({ name, parentId }));
    const { categoryId: hardware } = await make('Hardware', null);
    const { categoryId: printer } = await make('Printer', hardware);
    const teamId = await team('Field', ['Bob']);
    const rules = app.container.resolve(AssignmentRules);
    const rule = { name: 'Things', categoryIds: [hardware], teamId, method: 'round-robin' };
    await rules.create(scope(), createRuleInput.parse(rule));
    const byRule = (id: TicketId) => app.container.resolve(AssignTicket).byRule(systemScope(mspId), id);
    const [filed, taken, other] = [
      await open({ categoryId: printer }),
      await open({ categoryId: printer, assigneeId: idOf('Ada') }),
      await open(),
    ];
    for (const id of [filed, taken, other]) await byRule(id);
    expect(await get(filed)).toMatchObject({ teamName: 'Field', assigneeName: 'Bob', touchedByPerson: true });
    expect((await get(filed)).history.at(-1)?.reason).toBe('round robin of Field, by the rule Things');
    expect(await get(taken)).toMatchObject({ teamId: null, assigneeName: 'Ada' });
    expect(await get(other)).toMatchObject({ teamId: null, assigneeId: null });

    const refile = async (ticketId: TicketId, change: object = {}) => {
      const { version } = await get(ticketId);
      const update = app.container.resolve(UpdateTicket);
      const after = await update.run(scope(), { ticketId, version, categoryId: printer, ...change });
      await app.container
        .resolve(AssignTicket)
        .afterChange(systemScope(mspId), { ticketId, clientId: first }, after.version);
      return get(ticketId);
    };
    expect(await refile(other)).toMatchObject({ teamName: 'Field', assigneeName: 'Bob' });
    const decided = await team('Decided', ['Ada']);
    expect(await refile(await open(), { teamId: decided })).toMatchObject({ teamId: decided, assigneeId: null });
    expect(await refile(await open({ assigneeId: idOf('Ada') }))).toMatchObject({ assigneeName: 'Ada', teamId: null });
  });

  it('refuses a team that is not there, and a rule for one, naming the field', async () => {
    const teamId = newId<'team'>();
    await expect(assign(teamId, 'round-robin')).rejects.toMatchObject({ code: 'teams.team-not-found' });
    const rule = createRuleInput.parse({ name: 'Lost', teamId, method: 'manual' });
    await expect(app.container.resolve(AssignmentRules).create(scope(), rule)).rejects.toMatchObject({
      fields: [{ path: ['teamId'] }],
    });
  });
});
