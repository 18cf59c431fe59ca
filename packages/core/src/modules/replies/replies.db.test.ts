import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import { CommentOnTicket } from '../tickets/comment-on-ticket.ts';
import { OpenTicket, openTicketInput } from '../tickets/open-ticket.ts';
import { TicketQueries } from '../tickets/ticket-queries.ts';
import { UpdateTicket } from '../tickets/update-ticket.ts';
import { TimeQueries } from '../time/time-queries.ts';
import { Drafts } from './drafts.ts';
import { createMacroInput, Macros } from './macros.ts';
import { Mentions } from './mentions.ts';
import { RunMacro } from './run-macro.ts';
import { createTemplateInput, Templates } from './templates.ts';

const RIGHTS = ['tickets.work-tickets', 'replies.use-texts', 'time.log-time'];

let app: TestApp;
let mspId: MspId;
let clientId: ClientId;
let ada: TenantScope;
let grace: TenantScope;
let graceId: string;
beforeAll(async () => {
  app = await startTestApp();
  const built = await buildMsp(app, { clients: 1 });
  mspId = built.mspId;
  clientId = built.clientIds[0]!;
  const login = async (name: string) => {
    const { staffId, loginId } = await addStaff(app, { mspId }, { name, standardRoles: ['technician'] });
    return { staffId, scope: loginScope({ mspId }, loginId, RIGHTS) };
  };
  ada = (await login('Ada Lovelace')).scope;
  ({ scope: grace, staffId: graceId } = await login('Grace Hopper'));
});
afterAll(() => app[Symbol.asyncDispose]());

async function open(): Promise<Id<'ticket'>> {
  const input = openTicketInput.parse({ clientId, subject: 'Printer <on> fire', body: 'It smokes.' });
  return (await app.container.resolve(OpenTicket).run(staffScope(mspId), input)).ticketId;
}

describe('Drafts', () => {
  it('keep one reply and one note of each person, safe, until nothing is written any more', async () => {
    const drafts = app.container.resolve(Drafts);
    const ticketId = await open();
    expect(await drafts.save(ada, { ticketId, kind: 'reply', html: '<p>We<script>x</script></p>' })).toEqual({
      version: 1,
    });
    expect(await drafts.save(ada, { ticketId, kind: 'reply', html: '<p>We are</p>' })).toEqual({ version: 2 });
    await drafts.save(ada, { ticketId, kind: 'note', html: '<p>Hm</p>' });
    await drafts.save(grace, { ticketId, kind: 'reply', html: '<p>Mine</p>' });
    expect((await drafts.ofTicket(ada, ticketId)).map((draft) => draft.html).toSorted()).toEqual([
      '<p>Hm</p>',
      '<p>We are</p>',
    ]);
    expect(await drafts.mine(grace)).toMatchObject([{ ticketId, kind: 'reply' }]);
    await drafts.save(grace, { ticketId, kind: 'reply', html: '<p> </p>' });
    expect(await drafts.mine(grace)).toEqual([]);
    await expect(drafts.save(staffScope(mspId), { ticketId, kind: 'note', html: '<p>x</p>' })).rejects.toMatchObject({
      code: 'replies.not-staff',
    });
  });
});

describe('Templates', () => {
  it('fill in what is known of a ticket, and say what is not', async () => {
    const templates = app.container.resolve(Templates);
    const html = '<p>Hello {{contact.firstName}}, {{ticket.number}} “{{ticket.subject}}” is with {{client.name}}</p>';
    const { templateId } = await templates.create(ada, createTemplateInput.parse({ name: 'Hello', html }));
    const filled = await templates.fill(ada, { templateId, ticketId: await open() });
    expect(filled.missing).toEqual(['contact.firstName']);
    expect(filled.html).toMatch(/T-\d+ “Printer &lt;on&gt; fire” is with /);
    await expect(templates.fill(grace, { templateId, ticketId: await open() })).rejects.toMatchObject({
      code: 'replies.not-found',
    });
    expect(await templates.list(grace)).toEqual([]);
    await expect(templates.create(ada, createTemplateInput.parse({ name: 'Hello', html }))).rejects.toMatchObject({
      code: 'replies.name-taken',
    });
    await expect(
      templates.create(ada, createTemplateInput.parse({ name: 'For all', html, isShared: true })),
    ).rejects.toMatchObject({ code: 'permission.missing' });
    await expect(
      templates.create(ada, createTemplateInput.parse({ name: 'Bad', html: '<p>{{constructor}}</p>' })),
    ).rejects.toMatchObject({ code: 'replies.unknown-placeholder', fields: [{ path: ['html'] }] });
  });
});

describe('RunMacro', () => {
  it('does all steps or none, keeps them in the history, and says how to take fields back', async () => {
    const steps = [
      { kind: 'reply', html: '<p>Hello {{contact.firstName}}, solved.</p>' },
      { kind: 'status', status: 'resolved' },
      { kind: 'assign-me' },
      { kind: 'priority', priority: 1 },
      { kind: 'time', minutes: 15 },
    ];
    const macros = app.container.resolve(Macros);
    const { macroId } = await macros.create(ada, createMacroInput.parse({ name: 'Solved', steps }));
    const ticketId = await open();
    const tickets = app.container.resolve(TicketQueries);
    const run = app.container.resolve(RunMacro);
    expect(await run.preview(ada, { macroId, ticketId })).toMatchObject({
      missing: [{ name: 'contact.firstName' }],
      steps: [{ text: 'Reply to the client' }, {}, {}, {}, { text: 'Log 15 min' }],
    });
    await expect(run.run(ada, { macroId, ticketId, version: 1, values: {} })).rejects.toMatchObject({
      code: 'replies.value-missing',
    });
    expect(await tickets.get(staffScope(mspId), ticketId)).toMatchObject({ status: 'new', version: 1 });
    const values = { 'contact.firstName': '<b>Bo</b>', constructor: 'x' };
    const ran = await run.run(ada, { macroId, ticketId, version: 1, values });
    const after = await tickets.get(staffScope(mspId), ticketId);
    expect(after).toMatchObject({ status: 'resolved', priority: 1, version: ran.version });
    expect(after.comments.at(-1)).toMatchObject({ body: 'Hello <b>Bo</b>, solved.', visibility: 'public' });
    expect(after.history.find((entry) => entry.kind === 'macro')).toMatchObject({ to: 'Solved' });
    const time = await app.container.resolve(TimeQueries).ofTicket(staffScope(mspId), ticketId);
    expect(time.workedMinutes).toBe(15);
    await expect(run.run(ada, { macroId, ticketId, version: 1, values })).rejects.toMatchObject({
      code: 'tickets.ticket-changed',
    });
    expect(ran.undo).toEqual({ status: 'new', priority: 3, assigneeId: null });
    expect(ran.isWritten).toBe(true);
  });

  it('refuses steps that say the same thing twice', async () => {
    const steps = [{ kind: 'assign-me' }, { kind: 'assign', staffId: null }];
    await expect(
      app.container.resolve(Macros).create(ada, createMacroInput.parse({ name: 'Twice', steps })),
    ).rejects.toMatchObject({ code: 'replies.step-twice', fields: [{ path: ['steps', 1] }] });
  });
});

describe('Mentions', () => {
  it('tell who is named once, not the writer, not by a contact’s words, and not ten thousand times', async () => {
    const mentions = app.container.resolve(Mentions);
    const ticketId = await open();
    const name = (id: string) => `<span data-mention="${id}">@x</span>`;
    const html = `<p>${name(graceId).repeat(3000)}${name(crypto.randomUUID()).repeat(100)}</p>`;
    const { commentId } = await app.container
      .resolve(CommentOnTicket)
      .note(ada, { ticketId, html, fileIds: [], visibility: 'internal' });
    for (const _ of [1, 2]) await mentions.noteThoseIn(systemScope(mspId), { ticketId, clientId, commentId });
    expect(await mentions.unseen(grace)).toMatchObject([{ ticketId, subject: 'Printer <on> fire' }]);
    expect(await mentions.unseen(ada)).toEqual([]);
    expect(await mentions.see(grace, ticketId)).toEqual({ seen: 1 });
    expect(await mentions.unseen(grace)).toEqual([]);
  });
});

describe('UpdateTicket', () => {
  it('keeps why beside what', async () => {
    const ticketId = await open();
    await app.container
      .resolve(UpdateTicket)
      .run(ada, { ticketId, version: 1, priority: 2 }, undefined, undefined, [{ kind: 'macro', to: 'Raise' }]);
    const { history } = await app.container.resolve(TicketQueries).get(ada, ticketId);
    expect(history.map((entry) => entry.kind)).toEqual(['opened', 'macro', 'priority']);
  });
});
