import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { TicketSlaQueries } from '#modules/sla';
import { createPolicyInput } from '../sla/definition-input.ts';
import { SlaChoices } from '../sla/sla-choices.ts';
import { SlaPolicies } from '../sla/sla-policies.ts';
import { MoveTicket } from './move-ticket.ts';
import { PortalTickets } from './portal-tickets.ts';
import { listTicketsInput } from './ticket-list-queries.ts';
import { TicketQueries } from './ticket-queries.ts';
import type { TicketId } from './ticket-table.ts';

let app: TestApp;
let desk: SlaDesk;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await SlaDesk.build(app);
});

describe('the clocks of a ticket', () => {
  it('say live what a replay of its events says, through all that can happen to it', async () => {
    await desk.makeDefault();
    const urgent = createPolicyInput.parse({
      name: 'Urgent',
      targets: [1, 2, 3, 4].map((priority) => ({ priority, response: 'PT10M', resolution: 'PT1H' })),
    });
    const { policyId } = await desk.resolve(SlaPolicies).create(desk.staff, urgent);
    await desk.resolve(SlaChoices).set(desk.staff, { clientId: desk.second, ticketType: null, policyId });
    const id = await desk.open();
    const steps: (() => Promise<unknown>)[] = [
      () => desk.update(id, { priority: 2 }),
      () => desk.reply(id),
      () => desk.update(id, { status: 'waiting-client' }),
      () => desk.answer(id),
      () => desk.editOffice({ holidays: [{ date: '2026-11-24' }] }).then(() => desk.follow()),
      () => desk.update(id, { status: 'resolved' }),
      () => desk.answer(id),
      () => desk.update(id, { type: 'request' }),
      async () =>
        desk.resolve(MoveTicket).run(desk.staff, {
          ticketId: id,
          clientId: desk.second,
          version: (await desk.row(id)).version,
        }),
      () => desk.update(id, { status: 'resolved' }),
      () => desk.update(id, { status: 'closed' }),
    ];
    for (const step of steps) {
      desk.pass('PT7H13M');
      await step();
      const { asOf, policyName: _, policyReason: __, ...report } = await desk.live(id);
      expect(asOf).toBe(app.clock.now().toString());
      expect(report).toEqual(await desk.replayed(id));
    }
    expect((await desk.eventsOf(id)).map(({ type }) => type)).toEqual(
      'created policy priority public-reply status status client-reply status calendar resolved client-reply reopened policy resolved'.split(
        ' ',
      ),
    );
    expect((await desk.live(id)).resolution.state).toBe('breached');
    expect(await desk.nextBreach(id)).toBeNull();
  });

  it('follow a calendar’s edit while open, and keep the verdict that was given', async () => {
    await desk.makeDefault();
    const id = await desk.open();
    expect(await desk.nextBreach(id)).toBe('2026-11-20T13:00:00Z');
    desk.pass('PT1H');
    await desk.reply(id);
    const met = (await desk.live(id)).response;
    const due = await desk.nextBreach(id);
    await desk.editOffice({ holidays: [{ date: '2026-11-23' }] });
    await desk.follow();
    expect(due).toBe('2026-11-24T17:00:00Z');
    expect(await desk.nextBreach(id)).toBe('2026-11-25T17:00:00Z');
    expect((await desk.live(id)).response).toEqual(met);
    const before = await desk.eventsOf(id);
    await desk.follow();
    expect(await desk.eventsOf(id)).toEqual(before);
  });

  it('take up the rules of now when a ticket is reopened', async () => {
    await desk.makeDefault();
    const id = await desk.open();
    await desk.update(id, { status: 'resolved' });
    await desk.editOffice({ holidays: [{ date: '2026-11-23' }] });
    await desk.follow();
    expect((await desk.eventsOf(id)).at(-1)?.type).toBe('resolved');
    await desk.update(id, { status: 'in-progress' });
    expect((await desk.eventsOf(id)).slice(-2).map(({ type }) => type)).toEqual(['reopened', 'calendar']);
    expect(await desk.nextBreach(id)).toBe('2026-11-25T17:00:00Z');
  });

  it('begin when something is promised, for tickets that were there before', async () => {
    const id = await desk.open();
    desk.pass('PT3H');
    await desk.answer(id);
    // As it is of a ticket from before there were clocks.
    await desk.forgetClocks(id);
    await desk.makeDefault();
    await desk.follow();
    expect((await desk.eventsOf(id)).map(({ type }) => type)).toEqual(['created', 'client-reply', 'policy']);
    desk.pass('PT30M');
    const { response, resolution } = await desk.live(id);
    expect(response).toMatchObject({ state: 'running', dueAt: '2026-11-20T16:00:00Z', consumed: 'PT30M' });
    expect(resolution.spans[0]).toMatchObject({ from: '2026-11-20T09:00:00Z', reason: 'no-target' });
    expect(await desk.nextBreach(id)).toBe('2026-11-20T16:00:00Z');
  });

  it('are started by a contact who opens a ticket, and read by nobody of another client or MSP', async () => {
    await desk.makeDefault();
    const { ticketId } = await desk.resolve(PortalTickets).open(contactScope(desk.mspId, desk.first), {
      subject: 'No mail',
      body: 'Since noon.',
      type: 'incident',
      impact: 3,
      fileIds: [],
    });
    expect(await desk.nextBreach(ticketId)).not.toBeNull();
    const other = await buildMsp(app);
    const queries = desk.resolve(TicketSlaQueries);
    expect(await queries.report(staffScope(other.mspId), ticketId)).toBeNull();
    expect(
      await queries.report(staffScope(desk.mspId, { kind: 'only', clientIds: [desk.second] }), ticketId),
    ).toBeNull();
    expect(await desk.resolve(SlaPolicies).list(staffScope(other.mspId))).toEqual([]);
  });
});

describe('the queue by next breach', () => {
  it('pages through what is due in its order, and then what is not', async () => {
    await desk.makeDefault();
    const ids: TicketId[] = [];
    for (const priority of [4, 1, 3]) ids.push(await desk.open({ priority }));
    const paused = await desk.open();
    await desk.update(paused, { status: 'waiting-client' });
    const list = async (input: object) => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const query = { sort: 'breach', limit: 2, ...input, ...(cursor === null ? {} : { cursor }) };
        const page = await desk.resolve(TicketQueries).list(desk.staff, listTicketsInput.parse(query));
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      return seen;
    };
    expect(await list({})).toEqual([ids[1], ids[2], ids[0], paused]);
    expect(await list({ dueBy: '2026-11-20T13:00:00Z' })).toEqual([ids[1], ids[2]]);
  });
});
