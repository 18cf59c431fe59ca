import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import { contactScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId } from '#kernel/id';
import { CreateClient } from '#modules/tenancy';
import { createPolicyInput } from '../sla/definition-input.ts';
import { SlaChoices } from '../sla/sla-choices.ts';
import { SlaPolicies } from '../sla/sla-policies.ts';
import { MoveTicket } from './move-ticket.ts';
import { PortalTickets } from './portal-tickets.ts';

let app: TestApp;
let desk: SlaDesk;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await SlaDesk.build(app);
});

describe('the choice of a policy', () => {
  it('takes the most specific, and “no SLA” for an answer', async () => {
    const { policyId } = await desk.makeDefault();
    const set = (clientId: ClientId | null, ticketType: string | null, chosen: typeof policyId | 'none' | 'inherit') =>
      desk.resolve(SlaChoices).set(desk.staff, { clientId, ticketType, policyId: chosen });
    const isPromised = async (input: object) => (await desk.nextBreach(await desk.open(input))) !== null;
    await set(null, 'task', 'none');
    await set(desk.first, null, 'none');
    await set(desk.first, 'problem', policyId);
    expect(await isPromised({ clientId: desk.second })).toBe(true);
    expect(await isPromised({ clientId: desk.second, type: 'task' })).toBe(false);
    expect(await isPromised({ clientId: desk.first })).toBe(false);
    expect(await isPromised({ clientId: desk.first, type: 'problem' })).toBe(true);
    await set(desk.first, null, 'inherit');
    expect(await isPromised({ clientId: desk.first })).toBe(true);
    expect(await isPromised({ clientId: desk.first, type: 'task' })).toBe(false);
  });
});

describe('a choice by contract', () => {
  it('comes before the client’s, and says so on the ticket', async () => {
    const { policyId } = await desk.makeDefault();
    const { agreementId } = await desk.agree(desk.first);
    const choose = desk.resolve(SlaChoices);
    const of = { clientId: desk.first, ticketType: null };
    await choose.set(desk.staff, { ...of, policyId: 'none' });
    const id = await desk.open();
    expect(await desk.live(id)).toMatchObject({ policyName: null, policyReason: 'Chosen for this client.' });
    await choose.set(desk.staff, { ...of, agreementId, policyId });
    await desk.follow();
    expect(await desk.live(id)).toMatchObject({
      policyName: 'Standard',
      policyReason: 'Chosen for the contract that holds.',
    });
    await choose.set(desk.staff, { ...of, agreementId, ticketType: 'task', policyId: 'none' });
    expect(await desk.live(await desk.open({ type: 'task' }))).toMatchObject({ policyName: null });
    const wrong = { clientId: desk.second, agreementId, ticketType: null, policyId };
    await expect(choose.set(desk.staff, wrong)).rejects.toMatchObject({ code: 'sla.agreement-not-found' });
  });

  it('keeps what was consumed when a ticket comes under another contract', async () => {
    const { policyId } = await desk.makeDefault();
    const urgent = createPolicyInput.parse({
      name: 'Urgent',
      targets: [{ priority: 3, resolution: 'PT3H' }],
    });
    const other = await desk.resolve(SlaPolicies).create(desk.staff, urgent);
    const { agreementId } = await desk.agree(desk.second);
    const of = { clientId: desk.second, agreementId, ticketType: null };
    await desk.resolve(SlaChoices).set(desk.staff, { ...of, policyId: other.policyId });
    const id = await desk.open({ priority: 3 });
    expect(policyId).not.toBe(other.policyId);
    desk.pass('PT4H');
    const { version } = await desk.row(id);
    await desk.resolve(MoveTicket).run(desk.staff, { ticketId: id, clientId: desk.second, version });
    desk.pass('PT1M');
    expect((await desk.live(id)).resolution).toMatchObject({
      state: 'breached',
      dueAt: '2026-11-20T13:00:00Z',
      consumed: 'PT4H1M',
    });
  });

  it('holds where the contract is the parent’s and the reader sees the child only', async () => {
    const { policyId } = await desk.makeDefault();
    await desk.resolve(SlaChoices).set(desk.staff, { clientId: null, ticketType: null, policyId: 'none' });
    const { agreementId } = await desk.agree(desk.first);
    const child = await desk.resolve(CreateClient).run(systemScope(desk.mspId), {
      name: 'Daughter',
      timeZone: 'Europe/London',
      state: 'active',
      emailDomains: [],
      parentId: desk.first,
    });
    await desk.resolve(SlaChoices).set(desk.staff, { clientId: desk.first, agreementId, ticketType: null, policyId });
    const { ticketId } = await desk.resolve(PortalTickets).open(contactScope(desk.mspId, child.clientId), {
      subject: 'No mail',
      body: 'Since noon.',
      type: 'incident',
      impact: 3,
      fileIds: [],
    });
    expect(await desk.nextBreach(ticketId)).not.toBeNull();
  });
});
