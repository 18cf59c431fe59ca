import { Mailer } from '../../packages/core/src/platform/mail/mailer.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { systemScope, type TestApp } from './test-app.ts';
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
