import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drainJobs } from '../../../../../test/support/drain-jobs.ts';
import { RuleDesk } from '../../../../../test/support/rule-desk.ts';
import { contactScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import { newId } from '#kernel/id';
import { createContactInput, SaveContact, type ContactId } from '#modules/tenancy';
import type { TicketId } from '#modules/tickets';
import { AnswerApproval, answerApprovalInput } from './answer-approval.ts';
import { outcomeOf } from './approval.ts';
import { ApprovalQueries } from './approval-queries.ts';
import { ConcludeApproval } from './conclude-approval.ts';
import { RequestApproval, requestApprovalInput } from './request-approval.ts';

let app: TestApp;
let desk: RuleDesk;
let ann: ContactId;
let ben: ContactId;
let ticketId: TicketId;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await RuleDesk.build(app);
  ann = await contact('Ann');
  ben = await contact('Ben');
  ticketId = await desk.open({ subject: 'A new laptop' });
});

async function contact(name: string, portalRole = 'member'): Promise<ContactId> {
  const input = createContactInput.parse({
    clientId: desk.clientId,
    name,
    email: `${name}@client.example`,
    portalRole,
  });
  return (await desk.of(SaveContact).create(desk.staff, input)).contactId;
}

const ask = (more: object) =>
  desk.of(RequestApproval).run(desk.staff, requestApprovalInput.parse({ ticketId, subject: 'Buy it', ...more }));
const as = (id: string) => contactScope(desk.mspId, desk.clientId, id);
const answer = async (id: string, approvalId: string, given: string, comment = '') => {
  await desk.of(AnswerApproval).run(as(id), answerApprovalInput.parse({ approvalId, answer: given, comment }));
  await drainJobs(app, 'approvals');
};
const approval = async () => (await desk.of(ApprovalQueries).ofTicket(desk.staff, { ticketId }))[0];

describe('outcomeOf', () => {
  it.each([
    ['one', 3, [], 'pending', 1],
    ['one', 3, ['refused', 'approved'], 'refused', 1],
    ['all', 2, ['approved'], 'pending', 2],
    ['all', 2, ['approved', 'approved'], 'approved', 3],
    ['all', 3, ['approved', 'refused'], 'refused', 2],
    ['sequence', 2, ['approved'], 'pending', 2],
    ['sequence', 2, ['approved', 'approved'], 'approved', 3],
  ] as const)('%s of %i with %j is %s', (mode, places, given, state, turn) => {
    const answers = given.map((one, index) => ({ place: index + 1, answer: one }));
    expect(outcomeOf(mode, places, answers)).toEqual({ state, turn });
  });
});

describe('an approval', () => {
  it('asks, lets the ticket wait, takes one answer and lets it go on', async () => {
    const { approvalId } = await ask({ contactIds: [ann], amountMinor: 120_000, currency: 'GBP' });
    expect((await desk.ticket(ticketId)).status).toBe('waiting-client');
    const [mail] = await desk.sql('select subject, body_text from mail_outbox');
    expect(mail).toMatchObject({
      subject: 'Your approval is asked for: Buy it',
      body_text: expect.stringContaining('£1,200'),
    });
    expect(await desk.of(ApprovalQueries).ofContact(as(ann))).toMatchObject([{ subject: 'Buy it', isMyTurn: true }]);
    expect(await desk.of(ApprovalQueries).ofContact(as(ben))).toEqual([]);
    await answer(ann, approvalId, 'approved', 'Yes please');
    expect(await approval()).toMatchObject({
      state: 'approved',
      steps: [{ name: 'Ann', answer: 'approved', comment: 'Yes please' }],
    });
    const after = await desk.ticket(ticketId);
    expect(after.status).toBe('in-progress');
    expect(after.comments.at(-1)?.body).toContain('Yes please');
    await expect(answer(ann, approvalId, 'refused')).rejects.toMatchObject({ code: 'approvals.already-ended' });
  });

  it('asks one after the other, and ends at the first no', async () => {
    const { approvalId } = await ask({ contactIds: [ann, ben], mode: 'sequence' });
    await expect(answer(ben, approvalId, 'approved')).rejects.toMatchObject({ code: 'approvals.not-your-turn' });
    await answer(ann, approvalId, 'approved');
    expect((await desk.sql('select id from mail_outbox')).length).toBe(2);
    await expect(answer(ann, approvalId, 'refused')).rejects.toMatchObject({ code: 'approvals.not-your-turn' });
    await answer(ben, approvalId, 'refused');
    expect((await approval())?.state).toBe('refused');
  });

  it('waits for all of them where all are asked, and takes each answer once', async () => {
    const { approvalId } = await ask({ contactIds: [ann, ben], mode: 'all' });
    await answer(ann, approvalId, 'approved');
    await expect(answer(ann, approvalId, 'approved')).rejects.toMatchObject({ code: 'approvals.already-answered' });
    expect((await approval())?.state).toBe('pending');
    await answer(ben, approvalId, 'approved');
    expect((await approval())?.state).toBe('approved');
  });

  it('is nobody else’s to answer or to see', async () => {
    const { approvalId } = await ask({ contactIds: [ann] });
    await expect(answer(ben, approvalId, 'approved')).rejects.toMatchObject({ code: 'approvals.approval-not-found' });
    await expect(
      desk.of(AnswerApproval).run(desk.staff, answerApprovalInput.parse({ approvalId, answer: 'approved' })),
    ).rejects.toMatchObject({ code: 'approvals.not-asked' });
  });

  it('is not asked of oneself, of strangers, of who cannot answer, or of nobody', async () => {
    const { staffId, loginId } = await addStaff(app, desk, { name: 'Ada', standardRoles: ['technician'] });
    const ada = loginScope(desk, loginId, ['approvals.request-approval']);
    const own = requestApprovalInput.parse({ ticketId, subject: 'Mine', staffIds: [staffId] });
    await expect(desk.of(RequestApproval).run(ada, own)).rejects.toMatchObject({ code: 'approvals.own-request' });
    await expect(ask({ contactIds: [newId()] })).rejects.toMatchObject({ code: 'approvals.not-a-contact' });
    await expect(ask({ contactIds: [await contact('Cy', 'none')] })).rejects.toMatchObject({
      code: 'approvals.no-portal-access',
    });
    await expect(ask({})).rejects.toMatchObject({ code: 'approvals.nobody-asked' });
    await expect(ask({ contactIds: [ann], dueAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'approvals.due-in-the-past',
    });
  });

  it('is asked again a day before it is due, and ends unanswered', async () => {
    await ask({ contactIds: [ann], dueAt: app.clock.now().add('PT48H').toString() });
    app.clock.advance('PT25H');
    await desk.of(ConcludeApproval).sweep(desk.system);
    await desk.of(ConcludeApproval).sweep(desk.system);
    expect((await desk.sql('select id from mail_outbox')).length).toBe(2);
    app.clock.advance('PT24H');
    await desk.of(ConcludeApproval).sweep(desk.system);
    expect((await approval())?.state).toBe('expired');
    expect((await desk.ticket(ticketId)).status).toBe('in-progress');
  });
});
