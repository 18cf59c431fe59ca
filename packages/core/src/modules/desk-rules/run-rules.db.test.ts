import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drainJobs } from '../../../../../test/support/drain-jobs.ts';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { addStaff } from '../../../../../test/support/world-identity.ts';
import { newId, type ClientId, type MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import {
  CommentOnTicket,
  OpenTicket,
  TicketQueries,
  TicketQueues,
  UpdateTicket,
  type TicketId,
} from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { noteInput, replyInput } from '../tickets/comment-on-ticket.ts';
import { openTicketInput } from '../tickets/open-ticket.ts';
import { DryRun, startDryRunInput } from './dry-run.ts';
import { createRuleInput } from './rule-input.ts';
import { listDryRunHitsInput, listRunsInput, RuleQueries } from './rule-queries.ts';
import { RunRules } from './run-rules.ts';
import type { DeskRuleId } from './rules-table.ts';
import { MAX_RULES, SaveRule } from './save-rule.ts';
import { SweepRules } from './sweep-rules.ts';

let app: TestApp;
let mspId: MspId;
let clientId: ClientId;
let staff: TenantScope;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const msp = await buildMsp(app, { clients: 1 });
  mspId = msp.mspId;
  clientId = msp.clientIds[0]!;
  staff = staffScope(mspId);
});

interface Made {
  readonly ruleId: DeskRuleId;
  readonly version: number;
  readonly warnings: string[];
}

const of = <T>(token: new (...args: never[]) => T): T => app.container.resolve(token as never);
const settle = () => drainJobs(app, 'desk-rules');
const ticket = (id: TicketId) => of(TicketQueries).get(staff, id);
const log = async (filter: object = {}) => (await of(RuleQueries).runs(staff, listRunsInput.parse(filter))).items;
const ruleOf = async (id: string) => (await of(RuleQueries).list(staff)).find((rule) => rule.id === id)!;

async function make(name: string, definition: object, more: object = {}): Promise<Made> {
  const saved = await of(SaveRule).create(staff, createRuleInput.parse({ name, definition, isActive: true, ...more }));
  return { ...saved, ruleId: saved.ruleId as DeskRuleId };
}

async function open(input: object = {}, scope = staff): Promise<TicketId> {
  const given = openTicketInput.parse({ clientId, subject: 'Printer on fire', body: 'It smokes.', ...input });
  return (await of(OpenTicket).run(scope, given)).ticketId;
}

async function update(ticketId: TicketId, change: object): Promise<void> {
  const { version } = await ticket(ticketId);
  await of(UpdateTicket).run(staff, { ticketId, version, ...change });
}

const sqlAs = async (text: string, values: unknown[]) =>
  of(ScopedDb).transaction(systemScope(mspId), (tx) => tx.sql(text, values));

const opened = { kind: 'opened' };
const all = (...conditions: object[]) => ({ groups: [{ match: 'all', conditions }] });

describe('rules', () => {
  it('do what they say when a ticket is opened, in their order, and say so in history and log', async () => {
    const { queueId } = await of(TicketQueues).create(staff, { name: 'Fires' });
    const { ruleId } = await make('Fires are urgent', {
      when: opened,
      if: all({ field: 'subject', op: 'has-any', values: ['fire'] }),
      then: [
        { do: 'set-priority', priority: 1 },
        { do: 'set-queue', queueId },
        { do: 'add-note', text: '{{ticket.number}} of {{client.name}}: call the fire brigade. {{nobody}}' },
      ],
    });
    await make('Urgent ones are begun', {
      when: opened,
      if: all({ field: 'priority', op: 'is', values: [1] }),
      then: [{ do: 'set-status', status: 'in-progress' }],
    });
    const id = await open();
    await settle();
    const after = await ticket(id);
    expect(after).toMatchObject({ priority: 1, queueId, status: 'in-progress', touchedByPerson: true });
    expect(after.comments.at(-1)).toMatchObject({ authorKind: 'system', authorName: 'Rule ‘Fires are urgent’' });
    expect(after.comments.at(-1)?.body).toMatch(/^T-1 of Client 1 of .*: call the fire brigade\. \{\{nobody\}\}$/);
    expect(after.history.find(({ kind }) => kind === 'priority')).toMatchObject({
      actorName: 'Rule ‘Fires are urgent’',
    });
    expect(await log({ ruleId })).toMatchObject([
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
    expect(await log({ ticketId: id })).toHaveLength(2);
  });

  it('leave a ticket alone that they are not about, and what is switched off', async () => {
    await make('VIPs', {
      when: opened,
      if: all({ field: 'vip', op: 'is', value: true }),
      then: [{ do: 'set-priority', priority: 1 }],
    });
    await make('Off', { when: opened, then: [{ do: 'set-priority', priority: 1 }] }, { isActive: false });
    const id = await open();
    await settle();
    expect((await ticket(id)).version).toBe(1);
    expect(await log()).toEqual([]);
  });

  it('stop at one that is to be the last', async () => {
    await make('First', { when: opened, then: [{ do: 'set-priority', priority: 4 }] }, { stops: true });
    await make('Second', { when: opened, then: [{ do: 'set-status', status: 'closed' }] });
    const id = await open();
    await settle();
    expect(await ticket(id)).toMatchObject({ priority: 4, status: 'new' });
  });

  it('do what they can: an action that is refused says why and leaves the others', async () => {
    await make('Closed again', {
      when: { kind: 'changed', field: 'status', to: ['closed'] },
      then: [
        { do: 'set-status', status: 'waiting-client' },
        { do: 'set-priority', priority: 4 },
      ],
    });
    const id = await open();
    await update(id, { status: 'closed' });
    await settle();
    expect(await ticket(id)).toMatchObject({ status: 'closed', priority: 4 });
    expect((await log())[0]?.actions).toMatchObject([
      { state: 'refused', why: 'A ticket that is closed cannot become waiting on client.' },
      { state: 'done' },
    ]);
  });

  it('run once for an event that is told twice', async () => {
    await make('Note it', { when: opened, then: [{ do: 'add-note', text: 'Seen.' }] });
    const ticketId = await open();
    await settle();
    const payload = { ticketId, version: 1, occurrence: newId(), event: { kind: 'opened' as const } };
    const runs = [1, 2, 3].map(() => of(RunRules).run(systemScope(mspId), payload));
    await Promise.all(runs);
    expect((await ticket(ticketId)).comments).toHaveLength(3);
  });

  it('hear the client and not the platform, and an automatic reply answers no promise', async () => {
    await make('We have it', {
      when: { kind: 'commented', by: 'client' },
      then: [{ do: 'reply', text: 'Thank you, we are on it.' }],
    });
    const contact = contactScope(mspId, clientId);
    const id = await open();
    await of(CommentOnTicket).reply(contact, replyInput.parse({ ticketId: id, body: 'Hurry!' }));
    await of(CommentOnTicket).note(staff, noteInput.parse({ ticketId: id, body: 'On my way' }));
    await settle();
    const after = await ticket(id);
    expect(after.comments.filter((comment) => comment.authorKind === 'system')).toHaveLength(1);
    expect(after).toMatchObject({ isReplyAwaited: true });
    expect(after.history.map(({ kind }) => kind)).toContain('automatic-reply');
  });

  it('mail staff', async () => {
    const { staffId } = await addStaff(app, { mspId }, { name: 'Ada', standardRoles: ['technician'] });
    await make('Tell Ada', {
      when: opened,
      then: [{ do: 'notify', staffIds: [staffId], text: 'Look at {{ticket.subject}}' }],
    });
    await open({ subject: 'Fire' });
    await settle();
    const mails = await sqlAs('select subject, body_text, recipients from mail_outbox', []);
    expect(mails).toMatchObject([
      { subject: 'T-1: Fire', body_text: expect.stringContaining('Look at Fire'), recipients: [{ name: 'Ada' }] },
    ]);
    expect((await log())[0]?.actions).toMatchObject([{ state: 'done' }]);
  });
});

describe('rules of time', () => {
  const waitsLong = {
    when: { kind: 'time', since: 'staff-reply', minutes: 60 * 24 },
    if: all({ field: 'status', op: 'is', values: ['waiting-client'] }),
    then: [{ do: 'set-status', status: 'resolved' }],
  };
  const reply = (ticketId: TicketId) =>
    of(CommentOnTicket).reply(
      staff,
      replyInput.parse({ ticketId, body: 'Does it work now?', status: 'waiting-client' }),
    );
  const pass = (time: string) => app.clock.advance(time);
  const sweep = async () => {
    await settle();
    await of(SweepRules).run(systemScope(mspId));
    await settle();
  };

  it('run once their time has come, once for what they count from', async () => {
    await make('Silence means solved', waitsLong);
    const id = await open();
    await reply(id);
    await sweep();
    pass('PT23H');
    await sweep();
    expect((await ticket(id)).status).toBe('waiting-client');
    pass('PT1H');
    await sweep();
    expect((await ticket(id)).status).toBe('resolved');
    await update(id, { status: 'in-progress' });
    await update(id, { status: 'waiting-client' });
    pass('PT48H');
    await sweep();
    expect((await ticket(id)).status).toBe('waiting-client');
    expect(await log()).toHaveLength(1);
  });

  it('count anew from what happens meanwhile', async () => {
    await make('Silence means solved', waitsLong);
    const id = await open();
    await reply(id);
    await sweep();
    pass('PT20H');
    await of(CommentOnTicket).reply(contactScope(mspId, clientId), replyInput.parse({ ticketId: id, body: 'No.' }));
    pass('PT20H');
    await sweep();
    expect((await ticket(id)).status).toBe('in-progress');
  });

  it('find the tickets that were there before them', async () => {
    const id = await open();
    await reply(id);
    pass('PT30H');
    await make('Silence means solved', waitsLong);
    await sweep();
    expect((await ticket(id)).status).toBe('resolved');
  });

  it('run by a schedule, over what is open', async () => {
    const id = await open();
    const done = await open();
    await update(done, { status: 'closed' });
    await make('Mornings', {
      when: {
        kind: 'schedule',
        at: '09:30',
        days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
        zone: 'Europe/London',
      },
      then: [{ do: 'set-priority', priority: 1 }],
    });
    await sweep();
    expect((await ticket(id)).priority).toBe(3);
    pass('PT24H');
    await sweep();
    await sweep();
    expect([(await ticket(id)).priority, (await ticket(done)).priority]).toEqual([1, 3]);
    expect(await log()).toHaveLength(1);
  });
});

describe('loop protection', () => {
  const toggle = (from: string, to: string, condition: object) => ({
    when: { kind: 'changed', field: 'status', to: [from] },
    if: all(condition),
    then: [{ do: 'set-status', status: to }],
  });

  it('refuses at once rules that can only go round, and warns where they may', async () => {
    await make('There', {
      when: { kind: 'changed', field: 'status', to: ['in-progress'] },
      then: [{ do: 'set-status', status: 'waiting-client' }],
    });
    const back = {
      when: { kind: 'changed', field: 'status', to: ['waiting-client'] },
      then: [{ do: 'set-status', status: 'in-progress' }],
    };
    await expect(make('Back', back)).rejects.toMatchObject({ code: 'desk-rules.rule-loops' });
    const draft = await make('Back', back, { isActive: false });
    const { ruleId, version } = draft;
    await expect(of(SaveRule).setActive(staff, { ruleId, version, isActive: true })).rejects.toMatchObject({
      message: expect.stringContaining('‘There’'),
    });
    const particular = await make('Back for some', { ...back, if: all({ field: 'vip', op: 'is', value: false }) });
    expect(particular.warnings).toHaveLength(1);
  });

  it('switches a rule off that takes back what another did, and says why', async () => {
    await make('There', toggle('in-progress', 'waiting-client', { field: 'vip', op: 'is', value: false }));
    const second = await make(
      'Back',
      toggle('waiting-client', 'in-progress', { field: 'vip', op: 'is', value: false }),
    );
    expect(second.warnings).toHaveLength(1);
    const id = await open();
    await update(id, { status: 'in-progress' });
    await settle();
    const runs = await log();
    expect(runs.map(({ ruleName, state }) => `${ruleName} ${state}`).toSorted()).toEqual(
      ['Back ran', 'There ran', 'There refused'].toSorted(),
    );
    const there = (await of(RuleQueries).list(staff)).find(({ name }) => name === 'There');
    expect(there).toMatchObject({ isActive: false, offReason: expect.stringContaining('T-1') });
    expect((await ruleOf(second.ruleId)).isActive).toBe(true);
    expect(await settle()).toBe(0);
  });
});

describe('what rules there can be', () => {
  it('names the field of what is not there, is refused for a stale version, and keeps the order of all', async () => {
    const bad = { when: opened, then: [{ do: 'set-queue', queueId: newId() }] };
    await expect(make('Bad', bad)).rejects.toMatchObject({
      code: 'desk-rules.reference-not-found',
      fields: [{ path: ['definition', 'then', 0, 'queueId'] }],
    });
    const plain = { when: opened, then: [{ do: 'set-priority', priority: 1 }] };
    const first = await make('First', plain);
    const second = await make('Second', plain);
    await of(SaveRule).order(staff, { ruleIds: [second.ruleId, first.ruleId] });
    expect((await of(RuleQueries).list(staff)).map(({ name }) => name)).toEqual(['Second', 'First']);
    await expect(of(SaveRule).order(staff, { ruleIds: [first.ruleId] as never })).rejects.toMatchObject({
      code: 'desk-rules.order-incomplete',
    });
    const stale = { ruleId: first.ruleId, version: 9, isActive: false };
    await expect(of(SaveRule).setActive(staff, stale)).rejects.toMatchObject({ code: 'desk-rules.rule-changed' });
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [clientId] });
    await expect(
      of(SaveRule).create(narrow, createRuleInput.parse({ name: 'Mine', definition: plain })),
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
        then: [{ do: 'set-priority', priority: 1 }],
      },
    });
    const { ruleId } = await of(SaveRule).create(staff, plain);
    await sqlAs(
      `insert into desk_rule (msp_id, id, name, place, is_active, stops, definition, created_at, updated_at)
       select msp_id, gen_random_uuid(), name, place + n, is_active, stops, definition, created_at, updated_at
       from desk_rule, generate_series(1, $2::int) n where id = $1`,
      [ruleId, MAX_RULES - 1],
    );
    await expect(of(SaveRule).create(staff, plain)).rejects.toMatchObject({ code: 'desk-rules.too-many-rules' });
    const ticketId = await open({ body: 'word '.repeat(9000) });
    const payload = { ticketId, version: 1, occurrence: newId(), event: { kind: 'opened' as const } };
    await of(RunRules).run(systemScope(mspId), payload);
    const begun = performance.now();
    await of(RunRules).run(systemScope(mspId), payload);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});

describe('a dry run', () => {
  it('says what a rule would have done to tickets as they were, and changes nothing', async () => {
    const wasNew = await open({ subject: 'VPN down' });
    await update(wasNew, { priority: 2 });
    app.clock.advance('PT48H');
    await update(wasNew, { status: 'closed', priority: 4 });
    const other = await open({ subject: 'Paper jam' });
    await settle();
    const versions = [(await ticket(wasNew)).version, (await ticket(other)).version];
    const input = startDryRunInput.parse({
      definition: {
        when: { kind: 'changed', field: 'priority' },
        if: all({ field: 'subject', op: 'has-any', values: ['vpn'] }, { field: 'status', op: 'is', values: ['new'] }),
        then: [
          { do: 'set-priority', priority: 1 },
          { do: 'add-note', text: 'x' },
        ],
      },
    });
    const { dryRunId } = await of(DryRun).start(staff, input);
    await settle();
    expect(await of(RuleQueries).dryRun(staff, dryRunId)).toMatchObject({
      state: 'done',
      total: 2,
      lookedAt: 2,
      runs: 1,
      tickets: 1,
    });
    const hits = await of(RuleQueries).hits(staff, listDryRunHitsInput.parse({ dryRunId }));
    expect(hits.items).toMatchObject([
      {
        ticketId: wasNew,
        runs: 1,
        changes: [
          { field: 'priority', from: '2', to: '1' },
          { field: 'add-note', from: null, to: null },
        ],
      },
    ]);
    expect([(await ticket(wasNew)).version, (await ticket(other)).version]).toEqual(versions);
    expect(await log()).toEqual([]);
    await expect(of(DryRun).cancel(staff, dryRunId)).rejects.toMatchObject({ code: 'desk-rules.dry-run-over' });
  });

  it('says when a rule of time would have had its turn', async () => {
    const id = await open();
    await of(CommentOnTicket).reply(
      staff,
      replyInput.parse({ ticketId: id, body: 'Better?', status: 'waiting-client' }),
    );
    app.clock.advance('PT72H');
    const input = startDryRunInput.parse({
      definition: {
        when: { kind: 'time', since: 'staff-reply', minutes: 60 * 24 },
        then: [{ do: 'set-status', status: 'resolved' }],
      },
    });
    const { dryRunId } = await of(DryRun).start(staff, input);
    await settle();
    expect(await of(RuleQueries).dryRun(staff, dryRunId)).toMatchObject({ runs: 1, tickets: 1 });
  });
});
