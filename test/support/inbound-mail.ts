import type pg from 'pg';
import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import { HandleInbound } from '../../packages/core/src/modules/mail-inbox/handle-inbound.ts';
import type { InboundMailId, MailboxId } from '../../packages/core/src/modules/mail-inbox/mail-inbox-table.ts';
import { SaveMailbox } from '../../packages/core/src/modules/mail-inbox/save-mailbox.ts';
import { StoreMail } from '../../packages/core/src/modules/mail-inbox/store-mail.ts';
import { makeMailScope } from '../../packages/core/src/entry/mail/mail-scope.ts';
import { SaveContact } from '../../packages/core/src/modules/tenancy/save-contact.ts';
import { replyTokenOf } from '../../packages/core/src/modules/mail-intake/reply-token.ts';
import { KeyRing } from '../../packages/core/src/platform/secrets/key-ring.ts';
import type { TicketId } from '../../packages/core/src/modules/tickets/ticket-table.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';

let key = 0;

/** A mailbox that a relay hands mails to; its server's checks of senders count. */
export async function addSmtpMailbox(
  app: TestApp,
  mspId: MspId,
  options: { address?: string; trustedAuthservId?: string | null; defaultClientId?: ClientId | null } = {},
): Promise<{ mailboxId: MailboxId; address: string }> {
  const address = options.address ?? `support@${mspId.slice(-8)}.example`;
  const { mailboxId } = await app.container.resolve(SaveMailbox).create(staffScope(mspId), {
    name: 'Support',
    address,
    settings: { kind: 'smtp' },
    secrets: {},
    trustedAuthservId: options.trustedAuthservId ?? null,
    defaultClientId: options.defaultClientId ?? null,
    defaultQueue: null,
  });
  return { mailboxId, address };
}

export async function addContact(app: TestApp, mspId: MspId, clientId: ClientId, email: string, name = 'Jo Hartley') {
  const { contactId } = await app.container.resolve(SaveContact).create(staffScope(mspId), {
    clientId,
    name,
    email,
    phone: '',
    siteId: null,
    portalRole: 'none',
    isVip: false,
  });
  return contactId;
}

/** A mail from its header lines and its text. */
export function rawMail(headers: readonly string[], body: string): Buffer {
  return Buffer.from([...headers, '', ...body.split('\n')].join('\r\n'), 'utf8');
}

/** Stores mails as if they had just come, and has all of them handled. */
export async function deliver(
  app: TestApp,
  to: { mspId: MspId; mailboxId: MailboxId },
  ...raws: readonly Buffer[]
): Promise<InboundMailId[]> {
  const ids: InboundMailId[] = [];
  for (const raw of raws) {
    const input = { mailboxId: to.mailboxId, transportKey: `test:${(key += 1)}`, raw, receivedAt: app.clock.now() };
    ids.push((await app.container.resolve(StoreMail).run(systemScope(to.mspId), input)).mailId);
  }
  await app.container.resolve(HandleInbound).run(makeMailScope(to.mspId));
  return ids;
}

/** What became of a mail, and the code by which it waits. */
export async function fateOfMail(
  admin: pg.Pool,
  id: InboundMailId | undefined,
): Promise<{ state: string; reason: string; code: string | null }> {
  const { rows } = await admin.query<{ state: string; reason: string; code: string | null }>(
    'select i.state, i.reason, q.reason as code from mail_inbound i left join mail_quarantine q on q.inbound_id = i.id where i.id = $1',
    [id],
  );
  if (rows[0] === undefined) throw new Error('There is no such mail.');
  return rows[0];
}

/** The token that mails of a ticket carry. */
export function replyToken(app: TestApp, mspId: MspId, ticket: { id: string; number: number }): string {
  const key = app.container.resolve(KeyRing).derive('mail reply token');
  return replyTokenOf(key, mspId, { id: ticket.id as TicketId, number: ticket.number });
}

/** A mail with an image in its text and an invitation beside it. */
export function illustratedMail(to: string): Buffer {
  const parts = [
    ['Content-Type: text/html', '', '<p>Look <img src="cid:shot@x"></p>'],
    [
      'Content-Type: image/png; name=shot.png',
      'Content-ID: <shot@x>',
      'Content-Transfer-Encoding: base64',
      '',
      'iVBORw0KGgoAAAANSUhEUg==',
    ],
    ['Content-Type: text/calendar; method=REQUEST', '', 'BEGIN:VCALENDAR', 'END:VCALENDAR'],
  ];
  return rawMail(
    [
      'From: jo@hartley.example',
      `To: ${to}`,
      'Subject: Shot',
      'Message-ID: <files@x>',
      'Content-Type: multipart/related; boundary=b',
    ],
    [...parts.flatMap((lines) => ['--b', ...lines]), '--b--'].join('\n'),
  );
}
