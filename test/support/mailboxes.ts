import { SaveMailbox, type MailboxId } from '../../packages/core/src/modules/mail-inbox/index.ts';
import type { MspId } from '../../packages/core/src/kernel/id.ts';
import type { Dovecot } from './dovecot.ts';
import { staffScope, type TestApp } from './test-app.ts';

type Fields = Parameters<SaveMailbox['create']>[1];
type Imap = Extract<Fields['settings'], { kind: 'imap' }>;

/** What connects a mailbox of Dovecot's; by TLS where not said otherwise. */
export function imapFields(dovecot: Dovecot, user: string, change: Partial<Imap> = {}): Fields {
  return {
    name: user,
    address: `${user}@northgate.example`,
    settings: {
      kind: 'imap',
      host: 'localhost',
      port: dovecot.tlsPort,
      security: 'tls',
      user,
      signIn: { kind: 'password' },
      folder: 'INBOX',
      startWith: 'all',
      afterwards: { action: 'seen', folder: null },
      ...change,
    },
    secrets: { password: 'secret' },
    trustedAuthservId: null,
    defaultClientId: null,
    defaultQueue: null,
  };
}

/** Connects one. */
export async function connectMailbox(app: TestApp, mspId: MspId, fields: Fields): Promise<MailboxId> {
  return (await app.container.resolve(SaveMailbox).create(staffScope(mspId), fields)).mailboxId;
}

/** A mail by its number; `extra` is more of its text. */
export function numberedMail(n: number, extra = ''): Buffer {
  return Buffer.from(
    [
      `From: Sender ${n} <sender${n}@hartley.example>`,
      'To: support@northgate.example',
      `Subject: Mail ${n}`,
      `Message-ID: <mail-${n}@hartley.example>`,
      'Date: Sat, 21 Nov 2026 10:00:00 +0000',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      `This is mail ${n}. ${extra}`,
      '',
    ].join('\r\n'),
  );
}

/** The same in threads of three: the second and third answer the first. */
export function threadedMail(n: number): Buffer {
  const first = n - (n % 3);
  const raw = numberedMail(n)
    .toString()
    .replaceAll(`sender${n}@`, `sender${first}@`)
    .replace(`Sender ${n}`, `Sender ${first}`);
  return Buffer.from(
    n === first ? raw : raw.replace('MIME-Version', `In-Reply-To: <mail-${first}@hartley.example>\r\nMIME-Version`),
  );
}
