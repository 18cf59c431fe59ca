import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import { HandleInbound } from '../../packages/core/src/modules/mail-inbox/handle-inbound.ts';
import type { InboundMailId, MailboxId } from '../../packages/core/src/modules/mail-inbox/mail-inbox-table.ts';
import { SaveMailbox } from '../../packages/core/src/modules/mail-inbox/save-mailbox.ts';
import { StoreMail } from '../../packages/core/src/modules/mail-inbox/store-mail.ts';
import { makeMailScope } from '../../packages/core/src/entry/mail/mail-scope.ts';
import { SaveContact } from '../../packages/core/src/modules/tenancy/save-contact.ts';
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
