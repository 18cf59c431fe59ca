import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drainJobs } from '../../../../../test/support/drain-jobs.ts';
import { RuleDesk } from '../../../../../test/support/rule-desk.ts';
import { contactScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import type { Hono } from 'hono';
import { newId } from '#kernel/id';
import { ContactQueries, createContactInput, SaveContact, type ContactId } from '#modules/tenancy';
import { MergeTickets } from '#modules/ticket-merging';
import { MoveTicket, TicketQueries, type TicketId } from '#modules/tickets';
import { makeLogger } from '#platform/log';
import { SettingsToken } from '#platform/settings-token';
import { approvals } from '../../composition/doors.ts';
import { CreateClient, createClientInput } from '../tenancy/create-client.ts';
import { AnswerApproval, answerApprovalInput } from './answer-approval.ts';
import { isWithinLimit, outcomeOf } from './approval.ts';
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

describe('isWithinLimit', () => {
  const pounds = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
  it.each([
    ['no limit', null, pounds(1), true],
    ['no amount', pounds(0), null, true],
    ['exactly the limit', pounds(100), pounds(100), true],
    ['a penny more', pounds(100), pounds(101), false],
    ['another currency', pounds(100), { amountMinor: 1, currency: 'EUR' }, false],
  ])('says of %s', (_, limit, amount, expected) => expect(isWithinLimit(limit, amount)).toBe(expected));
});

describe('the link of the mail', () => {
  let door: Hono;
  beforeEach(() => {
    const settings = app.container.resolve(SettingsToken);
    door = approvals({ container: app.container, settings, log: makeLogger('silent') });
  });
  const links = async (): Promise<string[]> => {
    const rows = await desk.sql('select body_text from mail_outbox order by created_at, id');
    return rows.flatMap((row) => /\/approve\/([\w-]{43})\n/.exec(String(row['body_text']))?.[1] ?? []);
  };
  const look = async (secret: string) => door.request(`/${secret}`);
  const press = async (secret: string, form: Record<string, string>) => {
    const answered = await door.request(`/${secret}`, { method: 'POST', body: new URLSearchParams(form) });
    await drainJobs(app, 'approvals');
    return answered.status;
  };

  it('decides nothing by being opened, and takes one answer of the contact without a sign-in', async () => {
    await ask({ contactIds: [ann], subject: 'Buy <b>it</b>', amountMinor: 120_000, currency: 'GBP' });
    const [secret = ''] = await links();
    for (let times = 0; times < 3; times += 1) {
      const page = await look(secret);
      const html = await page.text();
      expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
      expect(html).toContain('Buy &lt;b&gt;it&lt;/b&gt;');
      expect(html).toContain('£1,200.00');
    }
    expect((await approval())?.state).toBe('pending');
    const kept = await desk.sql(`select encode(hash, 'escape') as hash from directory_route where kind = 'approval'`);
    expect(kept.map((row) => String(row['hash'])).join()).not.toContain(secret);
    expect(await press(secret, { answer: 'approved', comment: '' })).toBe(200);
    expect(await approval()).toMatchObject({ state: 'approved', steps: [{ name: 'Ann', answer: 'approved' }] });
    expect((await look(secret)).status).toBe(404);
    expect(await press(secret, { answer: 'refused', comment: 'No' })).toBe(404);
  });

  it('wants to know why somebody declines, and refuses what is no answer', async () => {
    await ask({ contactIds: [ann] });
    const [secret = ''] = await links();
    for (const form of [{ answer: 'refused', comment: ' ' }, { answer: 'maybe', comment: 'x' }, { comment: 'x' }])
      expect(await press(secret, form as Record<string, string>)).toBe(409);
    expect(await press(secret, { answer: 'approved', comment: 'x'.repeat(20_000) })).toBe(413);
    expect((await approval())?.state).toBe('pending');
    expect(await press(secret, { answer: 'refused', comment: 'Too dear' })).toBe(200);
    expect(await approval()).toMatchObject({ state: 'refused', steps: [{ comment: 'Too dear' }] });
  });

  it('leads nowhere for who left, for a guess, and once the ticket is another client’s', async () => {
    await ask({ contactIds: [ann] });
    const [secret = ''] = await links();
    expect((await look(secret.split('').toReversed().join(''))).status).toBe(404);
    const contactRow = await desk.of(ContactQueries).get(desk.staff, ann);
    await desk.of(SaveContact).update(desk.staff, { contactId: ann, version: contactRow.version, isActive: false });
    expect(await press(secret, { answer: 'approved', comment: '' })).toBe(409);
    const other = await desk
      .of(CreateClient)
      .run(desk.staff, createClientInput.parse({ name: 'Other', timeZone: 'Europe/London' }));
    const { version } = await desk.of(TicketQueries).row(desk.staff, ticketId);
    await desk.of(MoveTicket).run(desk.staff, { ticketId, version, clientId: other.clientId });
    await drainJobs(app, 'approvals');
    expect((await approval())?.state).toBe('withdrawn');
    expect((await desk.ticket(ticketId)).comments.at(-1)?.body).toContain('went to another client');
    expect(await press(secret, { answer: 'approved', comment: '' })).toBe(409);
  });

  it('leads nowhere once the ticket was merged: the approval is withdrawn, and who was asked is told', async () => {
    const { approvalId } = await ask({ contactIds: [ann, ben], mode: 'sequence' });
    const [secret = ''] = await links();
    const into = await desk.open({ subject: 'Another laptop' });
    await desk.of(MergeTickets).run(desk.staff, { ticketIds: [ticketId], intoTicketId: into });
    expect((await approval())?.state).toBe('withdrawn');
    expect((await look(secret)).status).toBe(404);
    await expect(answer(ann, approvalId, 'approved')).rejects.toMatchObject({ code: 'approvals.already-ended' });
    await expect(ask({ contactIds: [ann] })).rejects.toMatchObject({ code: 'tickets.is-merged' });
    const { number, comments } = await desk.ticket(into);
    expect(comments.map(({ body }) => body)).toContainEqual(
      expect.stringContaining(`was withdrawn.\nThe ticket goes on as T-${number}`),
    );
    // Ben was not asked yet, so he is not told either.
    const mails = await desk.sql(`select subject, body_text from mail_outbox where purpose = 'approvals.withdrawn'`);
    expect(mails).toMatchObject([
      { subject: 'Your approval is not needed any more: Buy it', body_text: expect.stringContaining(`T-${number}`) },
    ]);
    await desk.of(MergeTickets).undo(desk.staff, { ticketId });
    expect(await desk.ticket(ticketId)).toMatchObject({ status: 'in-progress', mergedIntoId: null });
  });
});

describe('who approves for a client', () => {
  it('is asked where nobody is named, and not beyond their limit', async () => {
    const limits = { approvalLimitMinor: 50_000, approvalLimitCurrency: 'GBP' };
    const change = async (contactId: ContactId, more: object) => {
      const { version } = await desk.of(ContactQueries).get(desk.staff, contactId);
      await desk.of(SaveContact).update(desk.staff, { contactId, version, ...more });
    };
    await change(ann, { isApprover: true, ...limits });
    await change(ben, { isApprover: true });
    await ask({ amountMinor: 50_001, currency: 'GBP' });
    expect((await approval())?.steps.map(({ name }) => name)).toEqual(['Ben']);
    await ask({ amountMinor: 50_000, currency: 'GBP' });
    expect((await approval())?.steps.map(({ name }) => name)).toEqual(['Ann', 'Ben']);
    const cy = await contact('Cy');
    const theirs = await desk.open({ subject: 'Mine', contactId: cy });
    const asked = await ask({ ticketId: theirs, asksContact: true, asksApprovers: true });
    const [open] = await desk.of(ApprovalQueries).ofTicket(desk.staff, { ticketId: theirs });
    expect(open).toMatchObject({ id: asked.approvalId, steps: [{ name: 'Cy' }, { name: 'Ann' }, { name: 'Ben' }] });
    // Nobody else is asked in the place of a contact that the ticket does not have.
    await expect(ask({ asksContact: true })).rejects.toMatchObject({ code: 'approvals.nobody-asked' });
    await expect(ask({ contactIds: [ann], amountMinor: 1, currency: 'EUR' })).rejects.toMatchObject({
      code: 'approvals.over-limit',
    });
    await expect(change(ann, { approvalLimitCurrency: null })).rejects.toMatchObject({
      code: 'tenancy.limit-without-currency',
    });
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
