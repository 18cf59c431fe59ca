import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import type { ClientId, MspId } from '#kernel/id';
import { ProblemRecords } from '../problems/problem-records.ts';
import { createTemplateInput } from '../ticket-checklists/checklist-template.ts';
import { ChecklistQueries } from '../ticket-checklists/checklist-queries.ts';
import { ChecklistTemplates } from '../ticket-checklists/checklist-templates.ts';
import { Checklists } from '../ticket-checklists/checklists.ts';
import { CommentOnTicket } from '../tickets/comment-on-ticket.ts';
import { LinkTickets } from '../tickets/link-tickets.ts';
import { MoveTicket } from '../tickets/move-ticket.ts';
import { OpenTicket, openTicketInput } from '../tickets/open-ticket.ts';
import { PortalTickets } from '../tickets/portal-tickets.ts';
import { TicketQueries } from '../tickets/ticket-queries.ts';
import type { TicketId } from '../tickets/ticket-table.ts';
import { UpdateTicket } from '../tickets/update-ticket.ts';
import { LogTime, logTimeInput } from '../time/log-time.ts';
import { TimeQueries } from '../time/time-queries.ts';
import { MergeTickets } from './merge-tickets.ts';
import { answerRelatedInput, RelatedTickets, rollUpInput } from './related-tickets.ts';
import { SplitTicket, splitTicketInput } from './split-ticket.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
beforeAll(async () => {
  app = await startTestApp();
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  [first, second] = msp.clientIds as [ClientId, ClientId];
});
afterAll(() => app[Symbol.asyncDispose]());

const scope = () => staffScope(mspId);
async function open(subject: string, more: object = {}): Promise<TicketId> {
  const input = openTicketInput.parse({ clientId: first, subject, body: `${subject}!`, ...more });
  return (await app.container.resolve(OpenTicket).run(scope(), input)).ticketId;
}
const get = (id: TicketId) => app.container.resolve(TicketQueries).get(scope(), id);
const said = async (id: TicketId) => (await get(id)).comments.map(({ body }) => body);
const merge = (from: TicketId[], into: TicketId) =>
  app.container.resolve(MergeTickets).run(scope(), { ticketIds: from, intoTicketId: into });
const unmerge = (ticketId: TicketId) => app.container.resolve(MergeTickets).undo(scope(), { ticketId });
const link = (ticketId: TicketId, toTicketId: TicketId, kind: 'child-of' | 'caused-by' | 'related' = 'child-of') =>
  app.container.resolve(LinkTickets).run(scope(), { ticketId, toTicketId, kind });
const refusal = (code: string) => ({ code });

describe('MergeTickets', () => {
  it('brings words, time, children and the client’s waiting along, and leaves a closed ticket that points on', async () => {
    const [from, into, child] = [await open('Mail is down'), await open('No mail'), await open('Mine too')];
    await link(child, from);
    await app.container
      .resolve(CommentOnTicket)
      .reply(contactScope(mspId, first), { ticketId: from, body: 'Any news?', fileIds: [] });
    const { loginId } = await addStaff(app, { mspId }, { name: 'Grace', standardRoles: ['technician'] });
    const grace = loginScope({ mspId }, loginId, ['time.log-time', 'time.read-time']);
    await app.container.resolve(LogTime).run(grace, logTimeInput.parse({ ticketId: from, minutes: 20 }));

    await merge([from], into);
    expect((await said(into)).toSorted()).toEqual(['Any news?', 'Mail is down!', 'No mail!']);
    expect(await get(into)).toMatchObject({ isReplyAwaited: true, status: 'new' });
    const gone = await get(from);
    expect(gone).toMatchObject({ status: 'closed', mergedIntoId: into, comments: [] });
    expect(gone.mergedIntoNumber).toBe((await get(into)).number);
    expect((await get(child)).links).toMatchObject([{ kind: 'child-of', ticketId: into }]);
    const time = await app.container.resolve(TimeQueries).ofTicket(grace, into);
    expect(time).toMatchObject({ workedMinutes: 20 });

    await expect(
      app.container.resolve(UpdateTicket).run(scope(), { ticketId: from, version: gone.version, priority: 1 }),
    ).rejects.toMatchObject(refusal('tickets.is-merged'));

    await app.container
      .resolve(CommentOnTicket)
      .reply(contactScope(mspId, first), { ticketId: from, body: 'By my old mail', fileIds: [] });
    expect(await said(into)).toContain('By my old mail');

    await unmerge(from);
    expect((await said(from)).toSorted()).toEqual(['Any news?', 'Mail is down!']);
    expect((await said(into)).toSorted()).toEqual(['By my old mail', 'No mail!']);
    expect(await get(from)).toMatchObject({ status: 'new', mergedIntoId: null });
    expect((await get(child)).links).toMatchObject([{ ticketId: from }]);
    expect(await app.container.resolve(TimeQueries).ofTicket(grace, from)).toMatchObject({ workedMinutes: 20 });
  });

  it('refuses itself, another client’s, one that is merged already or into one that is done, and changes nothing then', async () => {
    const [a, b, c] = [await open('A'), await open('B'), await open('C')];
    const foreign = await open('Foreign', { clientId: second });
    await expect(merge([a], a)).rejects.toMatchObject(refusal('ticket-merging.into-itself'));
    await expect(merge([a, foreign], b)).rejects.toMatchObject(refusal('ticket-merging.other-client'));
    expect(await said(a)).toEqual(['A!']);
    await merge([a], b);
    await expect(merge([a], c)).rejects.toMatchObject(refusal('tickets.is-merged'));
    await expect(merge([c], a)).rejects.toMatchObject(refusal('tickets.is-merged'));
    await expect(unmerge(c)).rejects.toMatchObject(refusal('ticket-merging.not-merged'));
    const done = await open('Done');
    await app.container.resolve(UpdateTicket).run(scope(), { ticketId: done, version: 1, status: 'resolved' });
    await expect(merge([c], done)).rejects.toMatchObject(refusal('ticket-merging.into-done'));
  });

  it('can be taken back for ten minutes, and goes along when the client is corrected', async () => {
    const [a, b] = [await open('A'), await open('B')];
    await merge([a], b);
    await app.container.resolve(MoveTicket).run(scope(), {
      ticketId: b,
      version: (await get(b)).version,
      clientId: second,
    });
    expect(await get(a)).toMatchObject({ clientId: second, mergedIntoId: b });
    app.clock.advance({ minutes: 11 });
    await expect(unmerge(a)).rejects.toMatchObject(refusal('ticket-merging.too-late'));
  });
});

describe('the clocks of tickets that are merged and split', () => {
  it('go on after an undo as if there had been no merge, and a split ticket’s begin with it', async () => {
    const desk = await SlaDesk.build(app);
    await desk.makeDefault();
    const [merged, into, never] = [await desk.open(), await desk.open(), await desk.openAsContact()];
    const other = await desk.openAsContact();
    for (const id of [merged, other]) await desk.update(id, { priority: 2 });
    await desk.update(never, { priority: 2 });
    desk.pass('PT30M');
    await desk.answer(other);
    await desk.answer(never);
    const service = desk.resolve(MergeTickets);
    await service.run(desk.staff, { ticketIds: [merged, other], intoTicketId: into });
    expect((await desk.live(other)).response.state).toBe('none');
    expect(await desk.nextBreach(other)).toBeNull();
    desk.pass('PT8M');
    for (const ticketId of [merged, other]) await service.undo(desk.staff, { ticketId });
    const same = async () => {
      expect(await desk.live(other)).toEqual(await desk.live(never));
      expect(await desk.nextBreach(other)).toBe(await desk.nextBreach(never));
      const { asOf: _, policyName: __, policyReason: ___, ...report } = await desk.live(other);
      expect(report).toEqual(await desk.replayed(other));
    };
    await same();
    desk.pass('PT3H');
    for (const id of [other, never]) await desk.reply(id);
    desk.pass('PT90H');
    for (const id of [other, never]) await desk.update(id, { status: 'resolved' });
    await same();
    expect((await desk.eventsOf(other)).map(({ type }) => type)).toEqual(
      'created policy priority client-reply merged resolved unmerged reopened public-reply status resolved'.split(' '),
    );
    expect((await desk.eventsOf(into)).map(({ type }) => type)).toEqual(['created', 'policy']);

    const [comment] = (await desk.resolve(TicketQueries).get(desk.staff, never)).comments;
    const split = splitTicketInput.parse({ ticketId: never, commentId: comment!.id, subject: 'Another thing' });
    const made = await desk.resolve(SplitTicket).run(desk.staff, split);
    expect((await desk.live(made.ticketId)).resolution).toMatchObject({ state: 'running', consumed: 'PT0S' });
  });

  it('takes checklists along, but for one that the other has already, and brings them back', async () => {
    const templates = app.container.resolve(ChecklistTemplates);
    const template = async (name: string) => {
      const input = createTemplateInput.parse({ name, items: [{ title: 'Look', isRequired: true }] });
      return (await templates.create(scope(), input)).templateId;
    };
    const [one, both] = [await template('One'), await template('Both')];
    const [from, into] = [await open('From'), await open('Into')];
    const lists = app.container.resolve(Checklists);
    for (const templateId of [one, both]) await lists.apply(scope(), { ticketId: from, templateId });
    await lists.apply(scope(), { ticketId: into, templateId: both });
    const names = async (ticketId: TicketId) =>
      (await app.container.resolve(ChecklistQueries).ofTicket(scope(), ticketId)).map(({ name }) => name).toSorted();
    await merge([from], into);
    expect([await names(from), await names(into)]).toEqual([['Both'], ['Both', 'One']]);
    await unmerge(from);
    expect([await names(from), await names(into)]).toEqual([['Both', 'One'], ['Both']]);
  });

  it('is told in the portal, with the way on for whoever may see it', async () => {
    const [a, b, c] = [await open('A'), await open('B'), await open('C')];
    await merge([a], b);
    await merge([b], c);
    const seen = await app.container.resolve(PortalTickets).get(contactScope(mspId, first), a);
    expect(seen).toMatchObject({ isMerged: true, mergedInto: { id: c, subject: 'C' } });
  });
});

describe('SplitTicket', () => {
  it('begins a ticket with what was said, in the name of who said it, and each names the other', async () => {
    const from = await open('Two things');
    const reply = { ticketId: from, body: 'And I need a new mouse.', fileIds: [] };
    const { commentId } = await app.container.resolve(CommentOnTicket).reply(contactScope(mspId, first), reply);
    const split = app.container.resolve(SplitTicket);
    const made = await split.run(scope(), { ticketId: from, commentId, subject: 'New mouse', type: 'request' });
    const ticket = await get(made.ticketId);
    expect(ticket).toMatchObject({ subject: 'New mouse', type: 'request', clientId: first });
    expect(ticket.comments).toMatchObject([{ body: 'And I need a new mouse.', authorKind: 'contact' }]);
    expect(ticket.links).toMatchObject([{ kind: 'split-from', direction: 'from', ticketId: from }]);
    expect((await get(from)).history.map(({ kind }) => kind)).toContain('split-off');
    expect(await said(from)).toHaveLength(2);
    await expect(split.run(scope(), { ticketId: made.ticketId, commentId, subject: 'Again' })).rejects.toMatchObject(
      refusal('tickets.comment-not-found'),
    );
  });
});

describe('a family of tickets', () => {
  it('has one parent each and no circle, whoever closes it', async () => {
    const [a, b, c] = [await open('A'), await open('B'), await open('C')];
    const { linkId } = await link(b, a);
    const told = async (id: TicketId) =>
      (await get(id)).history.filter(({ kind }) => kind.endsWith('linked')).map(({ kind, to }) => `${kind} ${to}`);
    const numbers = { a: (await get(a)).number, b: (await get(b)).number };
    const { version } = await get(a);
    await app.container.resolve(LinkTickets).remove(scope(), { ticketId: b, linkId });
    await link(b, a);
    const ofA = ['linked parent-of', 'unlinked parent-of', 'linked parent-of'].map((one) => `${one} T-${numbers.b}`);
    const ofB = ['linked child-of', 'unlinked child-of', 'linked child-of'].map((one) => `${one} T-${numbers.a}`);
    expect([await told(a), await told(b)]).toEqual([ofA, ofB]);
    expect((await get(a)).version).toBe(version);
    await link(c, b);
    await expect(link(a, c)).rejects.toMatchObject(refusal('tickets.parent-cycle'));
    await expect(link(c, a)).rejects.toMatchObject(refusal('tickets.has-parent'));
    const [d, e, f, g] = [await open('D'), await open('E'), await open('F'), await open('G')];
    await link(e, d);
    await link(g, f);
    const closing = await Promise.allSettled([link(d, g), link(f, e)]);
    expect(closing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('rolls up, and answers and resolves those that are open, saying of each that refuses why', async () => {
    const parent = await open('Switch is dead');
    const children = [await open('No net 1'), await open('No net 2', { priority: 1 }), await open('No net 3')];
    for (const child of children) await link(child, parent);
    await app.container.resolve(UpdateTicket).run(scope(), { ticketId: children[2]!, version: 2, status: 'resolved' });
    const related = app.container.resolve(RelatedTickets);
    const rollUp = () => related.rollUp(scope(), rollUpInput.parse({ ticketId: parent }));
    expect(await rollUp()).toMatchObject({ total: 3, open: 2, resolved: 1, topPriority: 1 });
    const answer = answerRelatedInput.parse({ ticketId: parent, body: 'It works again.', resolve: true });
    expect(await related.answer(scope(), answer)).toEqual({ done: 2, refused: [], next: null });
    expect(await rollUp()).toMatchObject({ total: 3, open: 0, resolved: 3, topPriority: null });
    expect(await said(children[0]!)).toContain('It works again.');
    expect(await said(children[2]!)).not.toContain('It works again.');
  });
});

describe('ProblemRecords', () => {
  it('keeps cause and workaround of a problem, and lists it once it is a known error', async () => {
    const records = app.container.resolve(ProblemRecords);
    const problem = await open('Spooler leaks', { type: 'problem' });
    const save = (change: object, version: number, ticketId = problem) =>
      records.save(scope(), { ticketId, version, rootCause: '', workaround: '', isKnownError: false, ...change });
    await expect(save({ isKnownError: true }, 0)).rejects.toMatchObject(refusal('problems.workaround-missing'));
    await save({ rootCause: 'Driver 4.2' }, 0);
    await expect(save({}, 0)).rejects.toMatchObject(refusal('problems.problem-changed'));
    expect(await records.knownErrors(scope(), {})).toEqual([]);
    await save({ rootCause: 'Driver 4.2', workaround: 'Restart it 100%', isKnownError: true }, 1);
    expect(await records.knownErrors(scope(), { search: 'restart IT 100%' })).toMatchObject([{ ticketId: problem }]);
    expect(await records.knownErrors(scope(), { search: 'it 1__%' })).toEqual([]);
    expect(await records.knownErrors(staffScope(mspId, { kind: 'only', clientIds: [second] }), {})).toEqual([]);
    await expect(save({}, 0, await open('Incident'))).rejects.toMatchObject(refusal('problems.not-a-problem'));
  });
});
