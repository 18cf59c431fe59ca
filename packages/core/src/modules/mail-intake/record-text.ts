import type { MailContent } from '#platform/mail-reader/mail-content';
import type { Placing } from './decide-placing.ts';

type What = Extract<Placing, { kind: 'record' }>['what'];

const HEADS: Readonly<Record<What, string>> = {
  automatic: 'A program answered, so nothing is done about it.',
  bounce: 'A mail of this ticket did not arrive.',
  loop: 'This sender sends too many mails to this ticket, as loops do, so nothing is done about it.',
  watcher: 'Somebody who reads along and is no contact of the client wrote.',
};
const MAX_TEXT = 20_000;

/** What staff read of a mail that is only noted. */
export function recordText({ reading, body }: MailContent, what: What): string {
  const from = reading.from;
  const sender = from === null ? 'Nobody named' : from.name === null ? from.address : `${from.name} <${from.address}>`;
  const head = [
    HEADS[what],
    ...(what === 'bounce' ? bounceLines(reading.bounce) : []),
    `${sender}: ${reading.subject ?? '(no subject)'}`,
  ];
  return `${head.join('\n')}\n\n${body.slice(0, MAX_TEXT).toWellFormed()}`.trim();
}

/** For each recipient of a bounce, what became of the mail. */
export function bounceLines(bounce: MailContent['reading']['bounce']): string[] {
  const recipients = bounce?.recipients.slice(0, 20) ?? [];
  return recipients.map(({ finalRecipient, action, status, diagnostic }) => {
    const fate = action === 'delayed' ? 'is delayed for' : 'did not reach';
    const why = [status, diagnostic].filter((one) => one !== null).join(' ');
    return `It ${fate} ${finalRecipient ?? 'somebody'}${why === '' ? '.' : `: ${why.slice(0, 500).toWellFormed()}`}`;
  });
}
