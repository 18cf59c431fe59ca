import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { BulkTickets } from './bulk-tickets.ts';
import { CommentOnTicket } from './comment-on-ticket.ts';
import { ExportTickets, exportTicketsInput } from './export-tickets.ts';
import { LinkTickets } from './link-tickets.ts';
import { MoveTicket } from './move-ticket.ts';
import { OpenTicket, openTicketInput } from './open-ticket.ts';
import { PortalTickets } from './portal-tickets.ts';
import { TicketAlerts, type RaisedAlert } from './ticket-alerts.ts';
import { TicketQueries } from './ticket-queries.ts';
import type { TicketId } from './ticket-table.ts';
import { UpdateTicket } from './update-ticket.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
beforeAll(async () => {
  app = await startTestApp();
  ({
    mspId,
    clientIds: [first, second],
  } = (await buildMsp(app, { clients: 2 })) as never as { mspId: MspId; clientIds: [ClientId, ClientId] });
});
afterAll(() => app[Symbol.asyncDispose]());

async function open(subject = 'Printer on fire', clientId = first): Promise<TicketId> {
  const input = openTicketInput.parse({ clientId, subject, body: 'It smokes.' });
  return (await app.container.resolve(OpenTicket).run(staffScope(mspId), input)).ticketId;
}
const get = (id: TicketId) => app.container.resolve(TicketQueries).get(staffScope(mspId), id);
const update = (ticketId: TicketId, version: number, change: object) =>
  app.container.resolve(UpdateTicket).run(staffScope(mspId), { ticketId, version, ...change });

describe('UpdateTicket', () => {
  it('lets exactly one of two parallel changes through', async () => {
    const id = await open();
    const results = await Promise.allSettled([
      update(id, 1, { status: 'in-progress' }),
      update(id, 1, { status: 'resolved' }),
    ]);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ code: 'tickets.ticket-changed' });
    expect((await get(id)).version).toBe(2);
  });

  it('keeps to the states, and to the moments of being resolved and closed', async () => {
    const id = await open();
    await update(id, 1, { status: 'closed' });
    expect((await get(id)).closedAt).not.toBeNull();
    await expect(update(id, 2, { status: 'waiting-client' })).rejects.toMatchObject({
      code: 'tickets.status-not-reachable',
    });
    await update(id, 2, { status: 'in-progress' });
    expect(await get(id)).toMatchObject({ closedAt: null, resolvedAt: null });
  });

  it('rates by impact and urgency, and writes all of it into the history', async () => {
    const id = await open();
    await update(id, 1, { impact: 1, urgency: 1, type: 'problem' });
    const ticket = await get(id);
    expect(ticket.priority).toBe(1);
    expect(ticket.history.map((entry) => [entry.kind, entry.from, entry.to])).toEqual([
      ['opened', null, expect.any(String)],
      ['type', 'incident', 'problem'],
      ['priority', '3', '1'],
    ]);
  });

  it('refuses ids that are not this client’s, naming the field', async () => {
    const id = await open();
    for (const field of ['siteId', 'contactId', 'assetId', 'queueId', 'assigneeId'])
      await expect(update(id, 1, { [field]: newId() })).rejects.toMatchObject({
        code: 'tickets.reference-not-found',
        fields: [{ path: [field] }],
      });
  });
});

describe('CommentOnTicket', () => {
  it('shows a contact public replies only, in the conversation, the history and the search', async () => {
    const id = await open();
    const comments = app.container.resolve(CommentOnTicket);
    await comments.reply(staffScope(mspId), { ticketId: id, body: 'We are on it.', fileIds: [] });
    await comments.note(staffScope(mspId), {
      ticketId: id,
      body: 'Xylophone: they never pay.',
      fileIds: [],
      visibility: 'internal',
    });
    expect((await get(id)).comments).toHaveLength(3);
    const portal = app.container.resolve(PortalTickets);
    const seen = await portal.get(contactScope(mspId, first), id);
    expect(seen.comments.map((comment) => comment.body)).toEqual(['It smokes.', 'We are on it.']);
    expect(seen.history.map((entry) => entry.kind)).not.toContain('note');
    const found = (scope: ReturnType<typeof contactScope>) =>
      portal.list(scope, { tab: 'open', search: 'xylophone', limit: 50, cursor: undefined });
    expect((await found(contactScope(mspId, first))).items).toEqual([]);
    expect((await found(staffScope(mspId))).items).toHaveLength(1);
    await expect(portal.get(contactScope(mspId, second), id)).rejects.toMatchObject({
      code: 'tickets.ticket-not-found',
    });
  });

  it('keeps formatted words as a safe subset with their plain text, and what a mail quoted beside them', async () => {
    const id = await open();
    const comments = app.container.resolve(CommentOnTicket);
    const html = '<p onclick="x()">Try <b>this</b><script>alert(1)</script></p>';
    const folded = { foldedHtml: '<blockquote>It <img src=x onerror=y>smokes.</blockquote>' };
    await comments.reply(staffScope(mspId), { ticketId: id, html, fileIds: [], ...folded });
    const scope = contactScope(mspId, first);
    expect((await app.container.resolve(PortalTickets).get(scope, id)).comments.at(-1)).toMatchObject({
      body: 'Try this',
      html: '<p>Try <b>this</b></p>',
      foldedHtml: '<blockquote>It <span></span>smokes.</blockquote>',
      foldedText: '> It smokes.',
    });
    for (const words of [{ html: '<p> <br></p>' }, {}, { html: `<p>${'x'.repeat(50_001)}</p>` }])
      await expect(comments.reply(staffScope(mspId), { ticketId: id, ...words, fileIds: [] })).rejects.toMatchObject({
        code: 'tickets.empty-comment',
      });
    expect((await get(id)).comments).toHaveLength(2);
  });

  it('puts a resolved ticket back to work when the client answers', async () => {
    const id = await open();
    await update(id, 1, { status: 'resolved' });
    await app.container
      .resolve(PortalTickets)
      .reply(contactScope(mspId, first), { ticketId: id, body: 'It still smokes.', fileIds: [] });
    expect(await get(id)).toMatchObject({ status: 'in-progress', isReplyAwaited: true, resolvedAt: null });
  });
});

describe('MoveTicket', () => {
  it('takes the conversation and the history along, and leaves nothing with the old client', async () => {
    const id = await open();
    await app.container.resolve(MoveTicket).run(staffScope(mspId), { ticketId: id, version: 1, clientId: second });
    const portal = app.container.resolve(PortalTickets);
    await expect(portal.get(contactScope(mspId, first), id)).rejects.toMatchObject({
      code: 'tickets.ticket-not-found',
    });
    const moved = await portal.get(contactScope(mspId, second), id);
    expect(moved.comments).toHaveLength(1);
    expect((await get(id)).history.at(-1)).toMatchObject({ kind: 'client', from: first, to: second });
  });

  it('cannot move to a client out of reach', async () => {
    const id = await open();
    const scope = staffScope(mspId, { kind: 'only', clientIds: [first] });
    await expect(
      app.container.resolve(MoveTicket).run(scope, { ticketId: id, version: 1, clientId: second }),
    ).rejects.toMatchObject({ code: 'tenancy.client-not-found' });
  });
});

describe('BulkTickets', () => {
  it('closes what it can, says what it cannot, and takes it back', async () => {
    const [one, two] = [await open(), await open()];
    await update(two, 1, { status: 'closed' });
    const bulk = app.container.resolve(BulkTickets);
    const result = await bulk.run(staffScope(mspId), { ticketIds: [one, two], status: 'resolved' });
    expect(result.refused).toMatchObject([{ ticketId: two, code: 'tickets.status-not-reachable' }]);
    expect((await get(one)).status).toBe('resolved');
    await bulk.undo(staffScope(mspId), { undo: result.undo });
    expect((await get(one)).status).toBe('new');
    await expect(bulk.undo(staffScope(mspId), { undo: result.undo })).rejects.toMatchObject({
      code: 'tickets.ticket-changed',
    });
  });
});

describe('LinkTickets', () => {
  it('links over clients, and hides the far end from who does not reach it', async () => {
    const [one, two] = [await open('One', first), await open('Two', second)];
    const links = app.container.resolve(LinkTickets);
    await links.run(staffScope(mspId), { ticketId: one, toTicketId: two, kind: 'related' });
    expect((await get(two)).links).toMatchObject([{ ticketId: one, direction: 'to' }]);
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [first] });
    expect((await app.container.resolve(TicketQueries).get(narrow, one)).links).toEqual([]);
    await expect(links.run(narrow, { ticketId: one, toTicketId: two, kind: 'caused-by' })).rejects.toMatchObject({
      code: 'tickets.ticket-not-found',
    });
    await expect(
      links.run(staffScope(mspId), { ticketId: one, toTicketId: two, kind: 'related' }),
    ).rejects.toMatchObject({ code: 'tickets.already-linked' });
  });
});

describe('ExportTickets', () => {
  it('neutralises what a spreadsheet would run', async () => {
    await open('=HYPERLINK("http://evil","x")');
    const download = await app.container
      .resolve(ExportTickets)
      .run(staffScope(mspId), exportTicketsInput.parse({ search: 'hyperlink' }));
    const csv = await new Response(download.body).text();
    expect(csv.split('\r\n')[1]).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`);
  });
});

describe('TicketAlerts', () => {
  const alert = (fields: Partial<RaisedAlert> = {}): RaisedAlert => ({
    alertId: newId(),
    clientId: first,
    assetId: null,
    fingerprint: newId(),
    severity: 'critical',
    title: 'Disk full',
    text: 'C: 100 %',
    ...fields,
  });
  const alerts = () => app.container.resolve(TicketAlerts);
  const system = () => systemScope(mspId);

  it('opens one ticket for an alert that is told many times at once', async () => {
    const raised = alert();
    const ids = await Promise.all(Array.from({ length: 6 }, () => alerts().raised(system(), raised)));
    expect(new Set(ids).size).toBe(1);
    expect((await get(ids[0]!)).comments).toHaveLength(1);
  });

  it('opens none below the rule’s severity, and none for an alert whose recovery came first', async () => {
    expect(await alerts().raised(system(), alert({ severity: 'warning' }))).toBeNull();
    const late = alert();
    await alerts().recovered(system(), late);
    expect(await alerts().raised(system(), late)).toBeNull();
  });

  it('closes on recovery only what no person has touched', async () => {
    const [alone, touched] = [alert(), alert()];
    const [one, two] = [await alerts().raised(system(), alone), await alerts().raised(system(), touched)];
    await update(two!, 1, { priority: 1 });
    await alerts().recovered(system(), alone);
    await alerts().recovered(system(), touched);
    expect((await get(one!)).status).toBe('closed');
    expect((await get(two!)).status).toBe('new');
    expect((await get(two!)).comments.at(-1)?.body).toBe('The alert has recovered.');
  });

  it('opens its own closed ticket again within a day, and a new one later', async () => {
    const raised = alert();
    const ticket = await alerts().raised(system(), raised);
    await alerts().recovered(system(), raised);
    const again = alert({ fingerprint: raised.fingerprint });
    expect(await alerts().raised(system(), again)).toBe(ticket);
    expect((await get(ticket!)).status).toBe('new');
    await alerts().recovered(system(), again);
    app.clock.advance({ hours: 25 });
    expect(await alerts().raised(system(), alert({ fingerprint: raised.fingerprint }))).not.toBe(ticket);
  });
});
