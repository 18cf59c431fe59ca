import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RuleDesk } from '../../../../../test/support/rule-desk.ts';
import { startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { CommentOnTicket, type TicketId } from '#modules/tickets';
import { replyInput } from '../tickets/comment-on-ticket.ts';
import { DryRun, startDryRunInput } from './dry-run.ts';
import { RuleQueries, listDryRunHitsInput } from './rule-queries.ts';
import { SweepRules } from './sweep-rules.ts';

let app: TestApp;
let desk: RuleDesk;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await RuleDesk.build(app);
});

const all = (...conditions: object[]) => ({ groups: [{ match: 'all', conditions }] });

describe('rules of time', () => {
  const waitsLong = {
    when: { kind: 'time', since: 'staff-reply', minutes: 60 * 24 },
    if: all({ field: 'status', op: 'is', values: ['waiting-client'] }),
    actions: [{ do: 'set-status', status: 'resolved' }],
  };
  const reply = (ticketId: TicketId) =>
    desk
      .of(CommentOnTicket)
      .reply(desk.staff, replyInput.parse({ ticketId, body: 'Does it work now?', status: 'waiting-client' }));
  const pass = (time: string) => app.clock.advance(time);
  const sweep = async () => {
    await desk.settle();
    await desk.of(SweepRules).run(desk.system);
    await desk.settle();
  };

  it('run once their time has come, once for what they count from', async () => {
    await desk.make('Silence means solved', waitsLong);
    const id = await desk.open();
    await reply(id);
    await sweep();
    pass('PT23H');
    await sweep();
    expect((await desk.ticket(id)).status).toBe('waiting-client');
    pass('PT1H');
    await sweep();
    expect((await desk.ticket(id)).status).toBe('resolved');
    await desk.update(id, { status: 'in-progress' });
    await desk.update(id, { status: 'waiting-client' });
    pass('PT48H');
    await sweep();
    expect((await desk.ticket(id)).status).toBe('waiting-client');
    expect(await desk.log()).toHaveLength(1);
  });

  it('count anew from what happens meanwhile', async () => {
    await desk.make('Silence means solved', waitsLong);
    const id = await desk.open();
    await reply(id);
    await sweep();
    pass('PT20H');
    await desk.of(CommentOnTicket).reply(desk.contact, replyInput.parse({ ticketId: id, body: 'No.' }));
    pass('PT20H');
    await sweep();
    expect((await desk.ticket(id)).status).toBe('in-progress');
  });

  it('find the tickets that were there before them', async () => {
    const id = await desk.open();
    await reply(id);
    pass('PT30H');
    await desk.make('Silence means solved', waitsLong);
    await sweep();
    expect((await desk.ticket(id)).status).toBe('resolved');
  });

  it('run by a schedule, over what is open', async () => {
    const id = await desk.open();
    const done = await desk.open();
    await desk.update(done, { status: 'closed' });
    await desk.make('Mornings', {
      when: {
        kind: 'schedule',
        at: '09:30',
        days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
        zone: 'Europe/London',
      },
      actions: [{ do: 'set-priority', priority: 1 }],
    });
    await sweep();
    expect((await desk.ticket(id)).priority).toBe(3);
    pass('PT24H');
    await sweep();
    await sweep();
    expect([(await desk.ticket(id)).priority, (await desk.ticket(done)).priority]).toEqual([1, 3]);
    expect(await desk.log()).toHaveLength(1);
  });
});

describe('a dry run', () => {
  it('says what a rule would have done to tickets as they were, and changes nothing', async () => {
    const wasNew = await desk.open({ subject: 'VPN down' });
    await desk.update(wasNew, { priority: 2 });
    app.clock.advance('PT48H');
    await desk.update(wasNew, { status: 'closed', priority: 4 });
    const other = await desk.open({ subject: 'Paper jam' });
    await desk.settle();
    const versions = [(await desk.ticket(wasNew)).version, (await desk.ticket(other)).version];
    const input = startDryRunInput.parse({
      definition: {
        when: { kind: 'changed', field: 'priority' },
        if: all({ field: 'subject', op: 'has-any', values: ['vpn'] }, { field: 'status', op: 'is', values: ['new'] }),
        actions: [
          { do: 'set-priority', priority: 1 },
          { do: 'add-note', text: 'x' },
        ],
      },
    });
    const { dryRunId } = await desk.of(DryRun).start(desk.staff, input);
    await desk.settle();
    expect(await desk.of(RuleQueries).dryRun(desk.staff, dryRunId)).toMatchObject({
      state: 'done',
      total: 2,
      lookedAt: 2,
      runs: 1,
      tickets: 1,
    });
    const hits = await desk.of(RuleQueries).hits(desk.staff, listDryRunHitsInput.parse({ dryRunId }));
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
    expect([(await desk.ticket(wasNew)).version, (await desk.ticket(other)).version]).toEqual(versions);
    expect(await desk.log()).toEqual([]);
    await expect(desk.of(DryRun).cancel(desk.staff, dryRunId)).rejects.toMatchObject({
      code: 'desk-rules.dry-run-over',
    });
  });

  it('says when a rule of time would have had its turn', async () => {
    const id = await desk.open();
    await desk
      .of(CommentOnTicket)
      .reply(desk.staff, replyInput.parse({ ticketId: id, body: 'Better?', status: 'waiting-client' }));
    app.clock.advance('PT72H');
    const input = startDryRunInput.parse({
      definition: {
        when: { kind: 'time', since: 'staff-reply', minutes: 60 * 24 },
        actions: [{ do: 'set-status', status: 'resolved' }],
      },
    });
    const { dryRunId } = await desk.of(DryRun).start(desk.staff, input);
    await desk.settle();
    expect(await desk.of(RuleQueries).dryRun(desk.staff, dryRunId)).toMatchObject({ runs: 1, tickets: 1 });
  });
});
