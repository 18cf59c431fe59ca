import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RuleDesk } from '../../../../../test/support/rule-desk.ts';
import { startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import { TicketCategories, createCategoryInput } from '../desk-catalogue/ticket-categories.ts';
import { createFieldInput, TicketFields } from '../desk-fields/ticket-fields.ts';
import { createMacroInput, Macros } from '../replies/macros.ts';
import { createTeamInput, Teams } from '../teams/teams.ts';
import { createTemplateInput } from '../ticket-checklists/checklist-template.ts';
import { ChecklistTemplates } from '../ticket-checklists/checklist-templates.ts';

let app: TestApp;
let desk: RuleDesk;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await RuleDesk.build(app);
});

const opened = { kind: 'opened' };
const all = (...conditions: object[]) => ({ groups: [{ match: 'all', conditions }] });
const person = async (name: string) =>
  (await addStaff(app, desk, { name, standardRoles: ['administrator'] })).staffId as never;
const team = async (members: string[]) => {
  const input = createTeamInput.parse({ name: 'Service desk', members: members.map((staffId) => ({ staffId })) });
  return (await desk.of(Teams).create(desk.staff, input)).teamId;
};
const macro = async (steps: object[]) =>
  (await desk.of(Macros).create(desk.staff, createMacroInput.parse({ name: 'Wait', isShared: true, steps }))).macroId;
const list = async () =>
  (
    await desk
      .of(ChecklistTemplates)
      .create(desk.staff, createTemplateInput.parse({ name: 'New starter', items: [{ title: 'Make an account' }] }))
  ).templateId;

describe('what rules do', () => {
  it('assign in turn, snooze, let read along, run a macro, add a checklist, ask for approval; each once, with why', async () => {
    const ada = await person('Ada');
    const teamId = await team([ada]);
    const macroId = await macro([
      { kind: 'note', html: '<p>{{ticket.number}} waits, says {{agent.name}}.</p>' },
      { kind: 'priority', priority: 4 },
    ]);
    const actions = [
      { do: 'assign-by', teamId, method: 'round-robin' },
      { do: 'run-macro', macroId },
      { do: 'add-watcher', address: 'Boss@Client.example' },
      { do: 'add-checklist', templateId: await list() },
      { do: 'start-approval', subject: 'May we?', staffIds: [ada], dueDays: 2 },
      { do: 'snooze', minutes: 60 },
    ];
    await desk.make('All of it', { when: opened, actions });
    await desk.make('And again', { when: { kind: 'commented', by: 'client' }, actions: actions.slice(2) });
    const id = await desk.open();
    await desk.settle();
    const after = await desk.ticket(id);
    expect(after).toMatchObject({ assigneeId: ada, teamId, priority: 4, isSnoozed: true, status: 'waiting-client' });
    expect(after.comments.at(-1)).toMatchObject({
      authorName: 'Rule ‘All of it’',
      body: expect.stringMatching(/^T-1 waits, says MSP /),
    });
    const [watcher] = await desk.sql('select address, added_by from mail_watcher where ticket_id = $1', [id]);
    expect(watcher).toMatchObject({ address: 'boss@client.example', added_by: 'Rule ‘All of it’' });
    expect(await desk.sql('select subject, state from approval where ticket_id = $1', [id])).toMatchObject([
      { subject: 'May we?', state: 'pending' },
    ]);
    expect((await desk.log())[0]?.actions).toMatchObject([
      { state: 'done', why: 'round robin of Service desk' },
      { state: 'done' },
      { state: 'done' },
      { state: 'done' },
      { state: 'done' },
      { state: 'done', why: 'for 60 minutes or until a reply' },
    ]);
    await desk.reply(desk.contact, id);
    await desk.settle();
    expect((await desk.log())[0]?.actions).toMatchObject([
      { state: 'nothing-to-do', why: 'boss@client.example reads along already.' },
      { state: 'nothing-to-do', why: 'The ticket has this checklist already.' },
      { state: 'nothing-to-do', why: 'An answer to this is waited for already.' },
      { state: 'done' },
    ]);
  });

  it('leaves a ticket with who has it in the team, and says why nothing else could be done', async () => {
    const ada = await person('Ada');
    const teamId = await team([ada]);
    const macroId = await macro([{ kind: 'reply', html: '<p>Dear {{contact.firstName}}</p>' }]);
    const { ruleId } = await desk.make('Hand on', {
      when: { kind: 'changed', field: 'priority' },
      actions: [
        { do: 'assign-by', teamId, method: 'least-load' },
        { do: 'run-macro', macroId },
        { do: 'set-status', status: 'closed' },
        { do: 'snooze', minutes: null, untilReply: true },
      ],
    });
    const id = await desk.open();
    await desk.update(id, { teamId, assigneeId: ada, priority: 1 });
    await desk.settle();
    expect((await desk.log({ ruleId }))[0]?.actions).toMatchObject([
      { state: 'nothing-to-do', why: 'Somebody of the team has it already.' },
      { state: 'refused', why: 'There is no value for {{contact.firstName}} here.' },
      { state: 'done' },
      { state: 'refused', why: 'The ticket is done, so there is nothing to snooze.' },
    ]);
  });

  it('do not hand a ticket to and fro: a team that takes what another takes is stopped', async () => {
    const [ada, bob] = [await person('Ada'), await person('Bob')];
    const one = await team([ada]);
    const other = (
      await desk.of(Teams).create(desk.staff, createTeamInput.parse({ name: 'Networks', members: [{ staffId: bob }] }))
    ).teamId;
    const taking = (from: string, to: string) => ({
      when: { kind: 'changed', field: 'team' },
      if: all({ field: 'team', op: 'is', values: [from] }, { field: 'vip', op: 'is', value: false }),
      actions: [{ do: 'assign-by', teamId: to, method: 'round-robin' }],
    });
    await desk.make('To networks', taking(one, other));
    const { warnings } = await desk.make('Back', taking(other, one));
    expect(warnings).toHaveLength(1);
    const id = await desk.open();
    await desk.update(id, { teamId: one });
    await desk.settle();
    expect((await desk.log()).map(({ state }) => state)).toContain('refused');
    expect((await desk.log()).length).toBeLessThan(5);
  });
});

describe('what rules ask', () => {
  it('custom fields by their type, and categories with all below them', async () => {
    const field = createFieldInput.parse({ name: 'Seats', type: 'number' });
    const { fieldId } = await desk.of(TicketFields).create(desk.staff, field);
    const make = async (name: string, parentId: string | null) =>
      (await desk.of(TicketCategories).create(desk.staff, createCategoryInput.parse({ name, parentId }))).categoryId;
    const hardware = await make('Hardware', null);
    const printer = await make('Printer', hardware);
    await desk.make('Large', {
      when: opened,
      if: all(
        { field: 'custom', fieldId, op: 'at-least', values: ['10'] },
        { field: 'category', op: 'under', values: [hardware] },
      ),
      actions: [{ do: 'set-priority', priority: 1 }],
    });
    const large = await desk.open({ categoryId: printer, values: [{ fieldId, value: '12.50' }] });
    const small = await desk.open({ categoryId: printer, values: [{ fieldId, value: 9 }] });
    const elsewhere = await desk.open({ values: [{ fieldId, value: 12 }] });
    await desk.settle();
    const priorities = [];
    for (const id of [large, small, elsewhere]) priorities.push((await desk.ticket(id)).priority);
    expect(priorities).toEqual([1, 3, 3]);
    expect((await desk.log())[0]?.checks).toMatchObject([
      { field: 'custom', fieldId, op: 'at-least', wanted: ['10'], value: '12.5', isMet: true },
      { field: 'category', op: 'under', isMet: true },
    ]);
  });

  it('refuses, naming the place: a comparison that does not fit, a macro that needs a person, a placeholder that there is not', async () => {
    const { fieldId } = await desk
      .of(TicketFields)
      .create(desk.staff, createFieldInput.parse({ name: 'Due', type: 'date' }));
    const refusal = (more: object) =>
      desk.make('x', { when: opened, actions: [{ do: 'set-priority', priority: 1 }], ...more }).catch((error) => error);
    expect(await refusal({ if: all({ field: 'custom', fieldId, op: 'at-least', values: ['1'] }) })).toMatchObject({
      code: 'desk-fields.comparison-refused',
      fields: [{ path: ['definition', 'if', 'groups', 0, 'conditions', 0, 'op'] }],
    });
    expect(await refusal({ actions: [{ do: 'add-note', text: '{{nobody}}' }] })).toMatchObject({
      code: 'replies.unknown-placeholder',
      fields: [{ path: ['definition', 'actions', 0, 'text'] }],
    });
    const macroId = await macro([{ kind: 'assign-me' }]);
    expect(await refusal({ actions: [{ do: 'run-macro', macroId }] })).toMatchObject({
      code: 'replies.needs-a-person',
      fields: [{ path: ['definition', 'actions', 0, 'macroId'] }],
    });
    const { loginId } = await addStaff(app, desk, { name: 'Eve', standardRoles: ['administrator'] });
    const eve = loginScope(desk, loginId, []);
    const own = createMacroInput.parse({ name: 'Mine', isShared: false, steps: [{ kind: 'priority', priority: 1 }] });
    const mine = (await desk.of(Macros).create(eve, own)).macroId;
    expect(await refusal({ actions: [{ do: 'run-macro', macroId: mine }] })).toMatchObject({
      code: 'replies.not-found',
    });
  });
});
