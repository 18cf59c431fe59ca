import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addContact, addSmtpMailbox } from '../../../../../test/support/inbound-mail.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '../../kernel/id.ts';
import { AskForRating } from '../satisfaction/ask-for-rating.ts';
import { RatingSetting } from '../satisfaction/rating-setting.ts';
import { SaveContact } from '../tenancy/save-contact.ts';
import { CommentOnTicket } from '../tickets/comment-on-ticket.ts';
import { OpenTicket, openTicketInput } from '../tickets/open-ticket.ts';
import { TicketQueries } from '../tickets/ticket-queries.ts';
import { UpdateTicket } from '../tickets/update-ticket.ts';
import type { TicketId } from '../tickets/ticket-table.ts';
import { ChooseWatchers } from './choose-watchers.ts';
import { SendTicketMail } from './send-ticket-mail.ts';

let app: TestApp;
let mspId: MspId;
let ticketId: TicketId;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const built = await buildMsp(app, { clients: 1 });
  mspId = built.mspId;
  const [clientId] = built.clientIds as [ClientId];
  const contactId = await addContact(app, mspId, clientId, 'jo@hartley.example', 'Jo <b>');
  const contacts = app.container.resolve(SaveContact);
  await contacts.update(staffScope(mspId), { contactId, version: 1, language: 'de' });
  const ticket = {
    clientId,
    contactId,
    type: 'incident',
    subject: 'Drucker',
    body: 'Er raucht.',
    impact: 2,
    urgency: 2,
  };
  ({ ticketId } = await app.container.resolve(OpenTicket).run(staffScope(mspId), openTicketInput.parse(ticket)));
});

const mails = () => app.container.resolve(SendTicketMail);
const asksOf = () => app.container.resolve(AskForRating);

/** Resolves it, with words or without, and lets both who listen for it hear of it, those who ask first. */
async function resolve(body?: string): Promise<void> {
  const scope = staffScope(mspId);
  if (body === undefined) {
    const { version } = await app.container.resolve(TicketQueries).get(scope, ticketId);
    const after = await app.container.resolve(UpdateTicket).run(scope, { ticketId, version, status: 'resolved' });
    await asksOf().afterUnmailedChange(systemScope(mspId), ticketId);
    await mails().changed(systemScope(mspId), { ticketId, version: after.version });
    return;
  }
  const input = { ticketId, body, fileIds: [], status: 'resolved' as const };
  const { commentId } = await app.container.resolve(CommentOnTicket).reply(scope, input);
  await asksOf().afterUnmailedChange(systemScope(mspId), ticketId);
  await mails().replied(systemScope(mspId), { ticketId, commentId });
}

async function sent() {
  const { rows } = await app.admin.query<{ purpose: string; text: string; html: string; to: string[] }>(
    `select purpose, body_text as text, body_html as html, array(select r->>'address' from jsonb_array_elements(recipients) r) as to
       from mail_outbox where msp_id = $1 order by id`,
    [mspId],
  );
  return rows;
}

describe('mails of a ticket', () => {
  it('are in the language of its contact, with what was said before', async () => {
    await addSmtpMailbox(app, mspId);
    await resolve('Er raucht nicht mehr.');
    const [mail] = await sent();
    expect(mail?.text).toContain('Wir betrachten dies als gelöst. Falls nicht, antworten Sie');
    expect(mail?.text).toMatch(/^Am .+ um \d\d:\d\d schrieb .+:\n> Er raucht\.$/m);
  });

  it('that say it is resolved ask how it was, once, with a face for each answer', async () => {
    await addSmtpMailbox(app, mspId);
    await app.container.resolve(RatingSetting).set(staffScope(mspId), { isOn: true, pauseDays: 7 });
    await resolve();
    const [mail, another] = await sent();
    expect(another).toBeUndefined();
    expect(mail?.purpose).toBe('mail-intake.resolution');
    expect(mail?.text).toMatch(
      /Wie zufrieden sind Sie\? Ein Klick genügt:\nSchlecht: http\S+\/rate\/[\w-]{43}\?score=1\n/,
    );
    expect(mail?.html.match(/\?score=[1-5]"/g)).toHaveLength(5);
    expect(mail?.html).toContain('Ausgezeichnet');
  });

  it('that others read too ask nothing: the contact alone is asked, apart', async () => {
    await addSmtpMailbox(app, mspId);
    await app.container.resolve(RatingSetting).set(staffScope(mspId), { isOn: true, pauseDays: 7 });
    await app.container.resolve(ChooseWatchers).add(staffScope(mspId), { ticketId, address: 'kim@other.example' });
    await resolve('Fertig.');
    const all = await sent();
    expect(all.map(({ purpose, to }) => [purpose, ...to])).toEqual(
      expect.arrayContaining([
        ['mail-intake.reply', 'jo@hartley.example', 'kim@other.example'],
        ['satisfaction.ask', 'jo@hartley.example'],
      ]),
    );
    expect(all).toHaveLength(2);
    expect(all.filter(({ text }) => text.includes('/rate/')).map(({ purpose }) => purpose)).toEqual([
      'satisfaction.ask',
    ]);
    expect(all.find(({ purpose }) => purpose === 'satisfaction.ask')?.html).toContain('Guten Tag Jo &lt;b&gt;,');
  });

  it('are none without a mailbox; then the question is', async () => {
    await app.container.resolve(RatingSetting).set(staffScope(mspId), { isOn: true, pauseDays: 7 });
    await resolve();
    expect((await sent()).map(({ purpose }) => purpose)).toEqual(['satisfaction.ask']);
  });
});
