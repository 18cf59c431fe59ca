import type { HeaderFields } from '../header/header-fields.ts';
import { readAddresses } from '../header/address-list.ts';
import type { MailAddress, ThreadKeys } from '../mail-reading.ts';
import { readMessageIds, withinLimit } from '../header/message-ids.ts';
import { quoted, ReadingNotes } from '../reading-notes.ts';

/** Where servers write for whom a mail was when `To` does not tell. */
const DELIVERED = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-delivered-to', 'resent-to'];
/** A token is long or has a digit; `anna+news@…` is somebody's own folder. */
const TOKEN = /^[^+]{1,64}\+((?=[^@]*\d|[^@]{16})[A-Za-z0-9_.=-]{6,128})@/;
const TAG = /\[\s*(?:(?:[\p{L}\s]{1,30})?#\s*|T-)(\d{1,12})\s*\]/u;

/** By what the mail can be led to its ticket. */
export function readThreadKeys(
  fields: HeaderFields,
  subject: string,
  recipients: readonly MailAddress[],
  notes: ReadingNotes,
): ThreadKeys {
  const delivered = readAddresses(
    DELIVERED.flatMap((name) => fields.all(name)),
    new ReadingNotes(),
    'Delivered-To',
  );
  const tokens = new Set([...recipients, ...delivered].flatMap(({ address }) => TOKEN.exec(address)?.[1] ?? []));
  const [replyToken = null] = tokens;
  if (tokens.size > 1) notes.warn(`The recipients name ${tokens.size} reply tokens; the first one counts.`);
  const answered = readMessageIds(fields.all('in-reply-to'));
  const references = [...new Set([...readMessageIds(fields.all('references')), ...answered.slice(1)])];
  const kept = withinLimit(references);
  if (kept.length < references.length)
    notes.warn(
      `References names ${references.length} mails; the first one and the ${kept.length - 1} newest are read.`,
    );
  const inReplyTo = answered[0] ?? null;
  const subjectTag = TAG.exec(subject)?.[1] ?? null;
  if (replyToken !== null) notes.because(`Threading: a recipient carries the reply token ${quoted(replyToken)}.`);
  if (inReplyTo !== null) notes.because(`Threading: it answers ${quoted(inReplyTo)} (In-Reply-To).`);
  if (kept.length > 0)
    notes.because(`Threading: References names ${kept.length === 1 ? 'one mail' : `${kept.length} mails`}.`);
  if (subjectTag !== null) notes.because(`Threading: the subject carries the tag #${subjectTag}.`);
  if (replyToken === null && inReplyTo === null && kept.length === 0 && subjectTag === null)
    notes.because('Threading: nothing leads to an earlier mail; it begins a thread.');
  return { replyToken, inReplyTo, references: kept, subjectTag };
}
