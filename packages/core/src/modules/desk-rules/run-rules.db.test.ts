import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RuleDesk } from '../../../../../test/support/rule-desk.ts';
import { staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff } from '../../../../../test/support/world-identity.ts';
import { newId } from '#kernel/id';
import { CommentOnTicket, TicketQueues } from '#modules/tickets';
import { noteInput, replyInput } from '../tickets/comment-on-ticket.ts';
import { createRuleInput } from './rule-input.ts';
import { RuleQueries } from './rule-queries.ts';
import { RunRules } from './run-rules.ts';
import { MAX_RULES, SaveRule } from './save-rule.ts';

let app: TestApp;
let desk: RuleDesk;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await RuleDesk.build(app);
});

const ruleOf = async (id: string) => (await desk.of(RuleQueries).list(desk.staff)).find((rule) => rule.id === id)!;
const opened = { kind: 'opened' };
const all = (...conditions: object[]) => ({ groups: [{ match: 'all', conditions }] });

describe('rules', () => {
  it('do what they say when a ticket is opened, in their order, and say so in history and log', async () => {
    const { queueId } = await desk.of(TicketQueues).create(desk.staff, { name: 'Fires' });
    const { ruleId } = await desk.make('Fires are urgent', {
      when: opened,
      if: all({ field: 'subject', op: 'has-any', values: ['fire'] }),
      actions: [
        { do: 'set-priority', priority: 1 },
        { do: 'set-queue', queueId },
        { do: 'add-note', text: '{{ticket.number}} of {{client.name}}: call the fire brigade. {{agent.firstName}}' },
      ],
    });
    await desk.make('Urgent ones are begun', {
      when: opened,
      if: all({ field: 'priority', op: 'is', values: [1] }),
      actions: [{ do: 'set-status', status: 'in-progress' }],
    });
    const id = await desk.open();
    await desk.settle();
    const after = await desk.ticket(id);
    expect(after).toMatchObject({ priority: 1, queueId, status: 'in-progress', touchedByPerson: true });
    expect(after.comments.at(-1)).toMatchObject({ authorKind: 'system', authorName: 'Rule ‘Fires are urgent’' });
    expect(after.comments.at(-1)?.body).toMatch(/^T-1 of Client 1 of .*: call the fire brigade\. MSP .+$/);
    expect(after.history.find(({ kind }) => kind === 'priority')).toMatchObject({
      actorName: 'Rule ‘Fires are urgent’',
    });
    expect(await desk.log({ ruleId })).toMatchObject([
      {
        ruleName: 'Fires are urgent',
        ruleVersion: 1,
        ticketNumber: 1,
        event: 'opened',
        state: 'ran',
        checks: [{ field: 'subject', value: 'Printer on fire', isMet: true }],
        actions: [{ state: 'done', why: '3' }, { state: 'done' }, { state: 'done' }],
      },
    ]);
    expect(await desk.log({ ticketId: id })).toHaveLength(2);
  });

  it('leave a ticket alone that they are not about, and what is switched off', async () => {
    await desk.make('VIPs', {
      when: opened,
      if: all({ field: 'vip', op: 'is', value: true }),
      actions: [{ do: 'set-priority', priority: 1 }],
    });
    await desk.make('Off', { when: opened, actions: [{ do: 'set-priority', priority: 1 }] }, { isActive: false });
    const id = await desk.open();
    await desk.settle();
    expect((await desk.ticket(id)).version).toBe(1);
    expect(await desk.log()).toEqual([]);
  });

  it('stop at one that is to be the last', async () => {
    await desk.make('First', { when: opened, actions: [{ do: 'set-priority', priority: 4 }] }, { stops: true });
    await desk.make('Second', { when: opened, actions: [{ do: 'set-status', status: 'closed' }] });
    const id = await desk.open();
    await desk.settle();
    expect(await desk.ticket(id)).toMatchObject({ priority: 4, status: 'new' });
  });

  it('do what they can: an action that is refused says why and leaves the others', async () => {
    await desk.make('Closed again', {
      when: { kind: 'changed', field: 'status', to: ['closed'] },
      actions: [
        { do: 'set-status', status: 'waiting-client' },
        { do: 'set-priority', priority: 4 },
      ],
    });
    const id = await desk.open();
    await desk.update(id, { status: 'closed' });
    await desk.settle();
    expect(await desk.ticket(id)).toMatchObject({ status: 'closed', priority: 4 });
    expect((await desk.log())[0]?.actions).toMatchObject([
      { state: 'refused', why: 'A ticket that is closed cannot become waiting on client.' },
      { state: 'done' },
    ]);
  });

  it('run once for an event that is told twice', async () => {
    await desk.make('Note it', { when: opened, actions: [{ do: 'add-note', text: 'Seen.' }] });
    const ticketId = await desk.open();
    await desk.settle();
    const payload = { ticketId, version: 1, occurrence: newId(), event: { kind: 'opened' as const } };
    const runs = [1, 2, 3].map(() => desk.of(RunRules).run(desk.system, payload));
    await Promise.all(runs);
    expect((await desk.ticket(ticketId)).comments).toHaveLength(3);
  });

  it('hear the client and not the platform, and an automatic reply answers no promise', async () => {
    await desk.make('We have it', {
      when: { kind: 'commented', by: 'client' },
      actions: [{ do: 'reply', text: 'Thank you, we are on it.' }],
    });
    const contact = desk.contact;
    const id = await desk.open();
    await desk.of(CommentOnTicket).reply(contact, replyInput.parse({ ticketId: id, body: 'Hurry!' }));
    await desk.of(CommentOnTicket).note(desk.staff, noteInput.parse({ ticketId: id, body: 'On my way' }));
    await desk.settle();
    const after = await desk.ticket(id);
    expect(after.comments.filter((comment) => comment.authorKind === 'system')).toHaveLength(1);
    expect(after).toMatchObject({ isReplyAwaited: true });
    expect(after.history.map(({ kind }) => kind)).toContain('automatic-reply');
  });

  it('mail staff', async () => {
    const { staffId } = await addStaff(app, desk, { name: 'Ada', standardRoles: ['technician'] });
    await desk.make('Tell Ada', {
      when: opened,
      actions: [{ do: 'notify', staffIds: [staffId], text: 'Look at {{ticket.subject}}' }],
    });
    await desk.open({ subject: 'Fire' });
    await desk.settle();
    const mails = await desk.sql('select subject, body_text, recipients from mail_outbox', []);
    expect(mails).toMatchObject([
      { subject: 'T-1: Fire', body_text: expect.stringContaining('Look at Fire'), recipients: [{ name: 'Ada' }] },
    ]);
    expect((await desk.log())[0]?.actions).toMatchObject([{ state: 'done' }]);
  });
});

describe('loop protection', () => {
  const toggle = (from: string, to: string, condition: object) => ({
    when: { kind: 'changed', field: 'status', to: [from] },
    if: all(condition),
    actions: [{ do: 'set-status', status: to }],
  });

  it('refuses at once rules that can only go round, and warns where they may', async () => {
    await desk.make('There', {
      when: { kind: 'changed', field: 'status', to: ['in-progress'] },
      actions: [{ do: 'set-status', status: 'waiting-client' }],
    });
    const back = {
      when: { kind: 'changed', field: 'status', to: ['waiting-client'] },
      actions: [{ do: 'set-status', status: 'in-progress' }],
    };
    await expect(desk.make('Back', back)).rejects.toMatchObject({ code: 'desk-rules.rule-loops' });
    const draft = await desk.make('Back', back, { isActive: false });
    const { ruleId, version } = draft;
    await expect(desk.of(SaveRule).setActive(desk.staff, { ruleId, version, isActive: true })).rejects.toMatchObject({
      message: expect.stringContaining('‘There’'),
    });
    const particular = await desk.make('Back for some', { ...back, if: all({ field: 'vip', op: 'is', value: false }) });
    expect(particular.warnings).toHaveLength(1);
  });

  it('switches a rule off that takes back what another did, and says why', async () => {
    await desk.make('There', toggle('in-progress', 'waiting-client', { field: 'vip', op: 'is', value: false }));
    const second = await desk.make(
      'Back',
      toggle('waiting-client', 'in-progress', { field: 'vip', op: 'is', value: false }),
    );
    expect(second.warnings).toHaveLength(1);
    const id = await desk.open();
    await desk.update(id, { status: 'in-progress' });
    await desk.settle();
    const runs = await desk.log();
    expect(runs.map(({ ruleName, state }) => `${ruleName} ${state}`).toSorted()).toEqual(
      ['Back ran', 'There ran', 'There refused'].toSorted(),
    );
    const there = (await desk.of(RuleQueries).list(desk.staff)).find(({ name }) => name === 'There');
    expect(there).toMatchObject({ isActive: false, offReason: expect.stringContaining('T-1') });
    expect((await ruleOf(second.ruleId)).isActive).toBe(true);
    expect(await desk.settle()).toBe(0);
  });
});

describe('what rules there can be', () => {
  it('names the field of what is not there, is refused for a stale version, and keeps the order of all', async () => {
    const bad = { when: opened, actions: [{ do: 'set-queue', queueId: newId() }] };
    await expect(desk.make('Bad', bad)).rejects.toMatchObject({
      code: 'desk-rules.reference-not-found',
      fields: [{ path: ['definition', 'actions', 0, 'queueId'] }],
    });
    const plain = { when: opened, actions: [{ do: 'set-priority', priority: 1 }] };
    const first = await desk.make('First', plain);
    const second = await desk.make('Second', plain);
    await desk.of(SaveRule).order(desk.staff, { ruleIds: [second.ruleId, first.ruleId] });
    expect((await desk.of(RuleQueries).list(desk.staff)).map(({ name }) => name)).toEqual(['Second', 'First']);
    await expect(desk.of(SaveRule).order(desk.staff, { ruleIds: [first.ruleId] as never })).rejects.toMatchObject({
      code: 'desk-rules.order-incomplete',
    });
    const stale = { ruleId: first.ruleId, version: 9, isActive: false };
    await expect(desk.of(SaveRule).setActive(desk.staff, stale)).rejects.toMatchObject({
      code: 'desk-rules.rule-changed',
    });
    const narrow = staffScope(desk.mspId, { kind: 'only', clientIds: [desk.clientId] });
    await expect(
      desk.of(SaveRule).create(narrow, createRuleInput.parse({ name: 'Mine', definition: plain })),
    ).rejects.toMatchObject({ code: 'scope.needs-all-clients' });
  });

  it('asks a thousand in a moment, and no more', async () => {
    const plain = createRuleInput.parse({
      name: 'Rule',
      isActive: true,
      definition: {
        when: opened,
        if: all(
          { field: 'subject', op: 'has-any', values: ['absent', 'words'] },
          { field: 'body', op: 'has-any', values: ['none'] },
        ),
        actions: [{ do: 'set-priority', priority: 1 }],
      },
    });
    const { ruleId } = await desk.of(SaveRule).create(desk.staff, plain);
    await desk.sql(
      `insert into desk_rule (msp_id, id, name, place, is_active, stops, definition, created_at, updated_at)
       select msp_id, gen_random_uuid(), name, place + n, is_active, stops, definition, created_at, updated_at
       from desk_rule, generate_series(1, $2::int) n where id = $1`,
      [ruleId, MAX_RULES - 1],
    );
    await expect(desk.of(SaveRule).create(desk.staff, plain)).rejects.toMatchObject({
      code: 'desk-rules.too-many-rules',
    });
    const ticketId = await desk.open({ body: 'word '.repeat(9000) });
    const payload = { ticketId, version: 1, occurrence: newId(), event: { kind: 'opened' as const } };
    await desk.of(RunRules).run(desk.system, payload);
    const begun = performance.now();
    await desk.of(RunRules).run(desk.system, payload);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
