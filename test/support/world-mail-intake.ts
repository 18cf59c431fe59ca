import { addContact, addSmtpMailbox, deliver, rawMail } from './inbound-mail.ts';
import type { TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A ticket of the first client that came by mail with somebody in copy, and a mail of that client that waits for a person. */
export async function addPlacedMails(app: TestApp, world: World): Promise<void> {
  const { mailboxId, address } = await addSmtpMailbox(app, world.mspId, {
    address: `desk@${world.mspId}.example`,
    trustedAuthservId: 'mx.msp.example',
  });
  const from = `pat@${world.first}.example`;
  await addContact(app, world.mspId, world.first, from, 'Pat');
  const mail = (...more: string[]) =>
    rawMail([`From: ${from}`, `To: ${address}`, 'Cc: vendor@vendor.example', 'Subject: Sample', ...more], 'Sample');
  await deliver(
    app,
    { mspId: world.mspId, mailboxId },
    mail('Message-ID: <placed@x>'),
    mail('Message-ID: <waits@x>', 'Authentication-Results: mx.msp.example; dmarc=fail'),
  );
}
