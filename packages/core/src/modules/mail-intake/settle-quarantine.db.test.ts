import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addContact, addSmtpMailbox, deliver, rawMail } from '../../../../../test/support/inbound-mail.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '../../kernel/id.ts';
import type { InboundMailId, MailboxId } from '../mail-inbox/mail-inbox-table.ts';
import { OpenTicket } from '../tickets/open-ticket.ts';
import { TicketQueries } from '../tickets/ticket-queries.ts';
import { QuarantineQueries } from './quarantine-queries.ts';
import { SettleQuarantine } from './settle-quarantine.ts';

let app: TestApp;
let mspId: MspId;
let clientId: ClientId;
let mailboxId: MailboxId;
let support: string;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const built = await buildMsp(app, { clients: 1 });
  mspId = built.mspId;
  [clientId] = built.clientIds as [ClientId];
  ({ mailboxId, address: support } = await addSmtpMailbox(app, mspId, { trustedAuthservId: 'mx.msp.example' }));
});

async function stranger(headers: string[] = []): Promise<InboundMailId> {
  const own = ['From: Sam <sam@stranger.example>', `To: ${support}`, 'Subject: Hello', 'Message-ID: <s@x>'];
  const [mailId] = await deliver(app, { mspId, mailboxId }, rawMail([...own, ...headers], 'Who are you?\n\n> quoted'));
  if (mailId === undefined) throw new Error('no mail');
  return mailId;
}
const settle = () => app.container.resolve(SettleQuarantine);
const waiting = async () =>
  (await app.container.resolve(QuarantineQueries).list(staffScope(mspId), { state: 'waiting', limit: 50 })).items;
async function openTicket() {
  const input = { clientId, type: 'incident', subject: 'Other', impact: 2, urgency: 2 } as const;
  return app.container.resolve(OpenTicket).run(staffScope(mspId), input);
}

describe('SettleQuarantine', () => {
  it('shows what waits with its text and why, and makes a ticket and a contact of it', async () => {
    const scope = staffScope(mspId);
    const mailId = await stranger();
    expect(await waiting()).toMatchObject([
      { mailId, reason: 'unknown-sender', subject: 'Hello', address: 'sam@stranger.example' },
    ]);
    const detail = await app.container.resolve(QuarantineQueries).get(scope, mailId);
    expect(detail).toMatchObject({ text: 'Who are you?\n\n> quoted', state: 'waiting' });
    expect(detail.why.join(' ')).toContain('is no contact');
    const { ticketId } = await settle().openTicket(scope, { mailId, clientId });
    const ticket = await app.container.resolve(TicketQueries).get(scope, ticketId);
    expect(ticket).toMatchObject({
      contactName: 'Sam',
      source: 'mail',
      comments: [{ authorName: 'Sam', authorKind: 'contact', body: 'Who are you?' }],
    });
    expect(await waiting()).toEqual([]);
    await expect(settle().openTicket(scope, { mailId, clientId })).rejects.toMatchObject({
      code: 'mail-inbox.mail-not-quarantined',
    });
  });

  it('puts a mail onto a ticket: as a contact’s words, or as a note where the sender is nobody we know', async () => {
    const scope = staffScope(mspId);
    const { ticketId } = await openTicket();
    const contactId = await addContact(app, mspId, clientId, 'jo@hartley.example');
    await settle().placeOnTicket(scope, { mailId: await stranger(), ticketId, contactId, addContact: false });
    const [mailId] = await deliver(
      app,
      { mspId, mailboxId },
      rawMail(['From: t@other.example', 'Message-ID: <t@x>'], 'Note me.'),
    );
    await settle().placeOnTicket(scope, { mailId: mailId as InboundMailId, ticketId, addContact: false });
    const { comments } = await app.container.resolve(TicketQueries).get(scope, ticketId);
    expect(comments).toMatchObject([
      { authorName: 'Jo Hartley', visibility: 'public', body: 'Who are you?' },
      { visibility: 'internal', authorKind: 'staff' },
    ]);
  });

  it('never puts a spoofed mail into anybody’s name, whoever places it', async () => {
    const scope = staffScope(mspId);
    const contactId = await addContact(app, mspId, clientId, 'sam@stranger.example', 'Sam');
    const mailId = await stranger(['Authentication-Results: mx.msp.example; dmarc=fail']);
    const { ticketId } = await settle().openTicket(scope, { mailId, clientId, contactId });
    const ticket = await app.container.resolve(TicketQueries).get(scope, ticketId);
    expect(ticket).toMatchObject({ contactName: null, comments: [{ visibility: 'internal', authorKind: 'staff' }] });
  });

  it('lays a mail aside with a reason, and takes it back', async () => {
    const scope = staffScope(mspId);
    const mailId = await stranger();
    await settle().discard(scope, { mailId, reason: 'Spam' });
    expect(await waiting()).toEqual([]);
    const discarded = await app.container.resolve(QuarantineQueries).list(scope, { state: 'discarded', limit: 50 });
    expect(discarded.items).toMatchObject([{ mailId, note: 'Spam', decidedBy: 'Test Technician' }]);
    await settle().restore(scope, mailId);
    expect(await waiting()).toMatchObject([{ mailId, state: 'waiting' }]);
  });
});
