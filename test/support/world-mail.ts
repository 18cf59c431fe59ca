import { InboundStore } from '../../packages/core/src/modules/mail-inbox/inbound-store.ts';
import { MailKeeping } from '../../packages/core/src/modules/mail-inbox/mail-keeping.ts';
import { SaveMailbox, StoreMail } from '../../packages/core/src/modules/mail-inbox/index.ts';
import { AuthorizeMailbox } from '../../packages/core/src/modules/mailbox-consent/index.ts';
import { Mailer } from '../../packages/core/src/platform/mail/mailer.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A mail of the first client, with an attachment, in the outbox. */
export async function addMail(app: TestApp, world: World): Promise<void> {
  await app.container.resolve(ScopedDb).transaction(systemScope(world.mspId), (tx) =>
    app.container.resolve(Mailer).send(tx, {
      clientId: world.first,
      purpose: 'test.mail',
      to: [{ address: 'jo@hartley.example' }],
      fromName: 'Northgate IT',
      subject: 'Sample',
      text: 'Sample',
      attachments: [{ fileName: 'a.txt', contentType: 'text/plain', content: Buffer.from('a') }],
    }),
  );
}

/** A mailbox, and a mail that came in by it and was placed at the first client. */
export async function addMailbox(app: TestApp, world: World): Promise<void> {
  const { mailboxId } = await app.container.resolve(SaveMailbox).create(staffScope(world.mspId), {
    name: 'Support',
    address: `support@${world.mspId}.example`,
    settings: { kind: 'smtp' },
    secrets: {},
    trustedAuthservId: null,
    defaultClientId: null,
    defaultQueue: null,
  });
  await app.container
    .resolve(MailKeeping)
    .set(staffScope(world.mspId), { settledDays: 90, quarantinedDays: 365, version: 0 });
  const scope = systemScope(world.mspId);
  const { mailId } = await app.container.resolve(StoreMail).run(scope, {
    mailboxId,
    transportKey: 'smtp:1',
    raw: Buffer.from('Subject: Sample\r\n\r\nSample\r\n'),
    receivedAt: app.clock.now(),
  });
  await app.container
    .resolve(ScopedDb)
    .transaction(scope, (tx) =>
      app.container
        .resolve(InboundStore)
        .settle(tx.typed(), mailId, { kind: 'placed', clientId: world.first }, app.clock.now()),
    );
}

/** A mailbox whose person is at the vendor's consent page. */
export async function addMailboxConsent(app: TestApp, world: World): Promise<void> {
  const { mailboxId } = await app.container.resolve(SaveMailbox).create(staffScope(world.mspId), {
    name: 'Consent',
    address: `consent@${world.mspId}.example`,
    settings: {
      kind: 'gmail',
      grant: 'person',
      clientId: 'app',
      label: 'INBOX',
      startWith: 'new',
      afterwards: { action: 'seen', folder: null },
    },
    secrets: { clientSecret: 'app secret' },
    trustedAuthservId: null,
    defaultClientId: null,
    defaultQueue: null,
  });
  await app.container.resolve(AuthorizeMailbox).start(staffScope(world.mspId), { mailboxId });
}
