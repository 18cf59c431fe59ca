import { readFile } from 'node:fs/promises';
import { makeMailScope } from '#entry/mail/mail-scope';
import { HandleInbound, TakeMail } from '#modules/mail-inbox';
import type { Stage } from '../stage.ts';
import type { StagedDesk } from './catalogue.ts';

/** Where the mails of the demo come from. */
export interface Sender {
  readonly name: string;
  readonly email: string;
}

const OURS = 'support@northgate.example';

/** Takes a mail in as if a relay had just handed it over, and has it placed. */
export async function deliver({ container, mspId, system }: Stage, desk: StagedDesk, raw: Buffer): Promise<void> {
  await container
    .resolve(TakeMail)
    .run(system, { mailboxId: desk.mailboxId, raw, envelope: { from: '', to: [OURS], relay: '127.0.0.1' } });
  await container.resolve(HandleInbound).run(makeMailScope(mspId));
}

/** A mail of plain text. */
export function plainMail(
  at: Temporal.Instant,
  sender: Sender,
  subject: string,
  text: string,
  more: readonly string[] = [],
): Buffer {
  return mail([...headersOf(at, sender, subject), ...more, 'Content-Type: text/plain; charset=utf-8'], text);
}

/** A mail with a picture in its text, as an office program writes it. */
export async function picturedMail(
  at: Temporal.Instant,
  sender: Sender,
  subject: string,
  words: { readonly before: string; readonly after: string },
): Promise<Buffer> {
  const picture = await readFile(new URL('case-file-error.png', import.meta.url));
  const html = `<div><p>${words.before}</p><p><img src="cid:shot@client" alt="The message on my screen"></p><p>${words.after}</p><p>--<br>${sender.name}<br>Sent from my desk, not from my phone</p></div>`;
  const parts = [
    '--part',
    'Content-Type: text/html; charset=utf-8',
    '',
    html,
    '--part',
    'Content-Type: image/png; name="screen.png"',
    'Content-Disposition: inline; filename="screen.png"',
    'Content-ID: <shot@client>',
    'Content-Transfer-Encoding: base64',
    '',
    ...(picture.toString('base64').match(/.{1,76}/g) ?? []),
    '--part--',
    '',
  ];
  return mail(
    [...headersOf(at, sender, subject), 'Content-Type: multipart/related; boundary="part"'],
    parts.join('\r\n'),
  );
}

function headersOf(at: Temporal.Instant, { name, email }: Sender, subject: string): string[] {
  const date = at
    .toZonedDateTimeISO('UTC')
    .toLocaleString('en-GB', { weekday: 'short', day: '2-digit', month: 'short', year: 'numeric' });
  const time = at.toZonedDateTimeISO('UTC').toPlainTime().toString({ smallestUnit: 'second' });
  return [
    `From: "${name}" <${email}>`,
    `To: Northgate IT <${OURS}>`,
    `Subject: ${subject}`,
    `Date: ${date} ${time} +0000`,
    `Message-ID: <${at.epochMilliseconds}.${email}>`,
    'MIME-Version: 1.0',
  ];
}

function mail(headers: readonly string[], body: string): Buffer {
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\n${body}\r\n`, 'utf8');
}
