import { readAddresses } from './header/address-list.ts';
import { readDeliveryReport } from './judgement/delivery-report.ts';
import { readableField, readHeaderSection, type HeaderFields } from './header/header-fields.ts';
import { readDate } from './header/mail-date.ts';
import { MAIL_LIMITS } from './mail-limits.ts';
import type { BounceReading, MailAddress, MailReading } from './mail-reading.ts';
import { readMessageIds } from './header/message-ids.ts';
import { readMimeTree } from './body/mime-tree.ts';
import { readBody, type BodyReading } from './body/read-body.ts';
import { quoted, ReadingNotes } from './reading-notes.ts';
import { isSentByProgram, noteList } from './judgement/sender-kind.ts';
import { readThreadKeys } from './judgement/thread-keys.ts';
import { readVendorBounce } from './judgement/vendor-bounce.ts';

const NO_BODY: BodyReading = {
  text: '',
  html: null,
  attachments: [],
  openers: [],
  deliveryStatus: [],
  enclosedMessageId: null,
};
/** RFC 5322 §3.6: fields that a mail has once. */
const SINGLE = [
  'from',
  'sender',
  'reply-to',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
  'date',
  'content-type',
];

/**
 * Understands a raw mail, whatever it is: never throws, takes memory and time in proportion to its size, and says in `warnings` what it could not understand.
 * `now` only judges whether the mail's own date can be true.
 */
export function readMail(raw: Uint8Array, now: Temporal.Instant): MailReading {
  return readOpened(raw, now, false).reading;
}

/** A mail with its header, and with its HTML marked by what its program said of it. */
export interface OpenedMail {
  readonly reading: MailReading;
  readonly fields: HeaderFields;
  /** Decodes the content of each attachment, in their order. */
  readonly openers: readonly (() => Uint8Array)[];
}

/** As `readMail`, for what goes on with the mail: `withMarks` keeps in the HTML where quotations and signatures are. */
export function readOpened(raw: Uint8Array, now: Temporal.Instant, withMarks: boolean): OpenedMail {
  const notes = new ReadingNotes();
  const { bytes, start } = normalised(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), notes);
  const { fields, bodyStart } = readHeaderSection(bytes, start, bytes.length, notes);
  if (fields.names().length === 0) notes.warn('There is no header; this may not be a mail.');
  for (const name of SINGLE)
    if (fields.all(name).length > 1)
      notes.warn(`The header ${name} is there ${fields.all(name).length} times; the first one counts.`);
  const envelope = readEnvelope(fields, now, notes);
  const { openers, ...content } = readContent(bytes, fields, bodyStart, notes, withMarks);
  return {
    reading: { ...envelope, ...content, warnings: notes.warnings, why: notes.why },
    fields,
    openers,
  };
}

type Envelope = Pick<MailReading, 'messageId' | 'date' | 'from' | 'replyTo' | 'to' | 'cc' | 'subject'>;

function readEnvelope(fields: HeaderFields, now: Temporal.Instant, notes: ReadingNotes): Envelope {
  const messageId = readMessageIds([fields.get('message-id') ?? ''])[0] ?? null;
  if (messageId === null) notes.warn('The mail has no Message-ID.');
  const date = fields.get('date');
  if (date === undefined) notes.warn('The mail has no Date.');
  return {
    messageId,
    date: date === undefined ? null : readDate(date, now, notes),
    from: readSender(fields, notes),
    replyTo: readAddresses(fields.all('reply-to').slice(0, 1), notes, 'Reply-To')[0] ?? null,
    to: readAddresses(fields.all('to'), notes, 'To'),
    cc: readAddresses(fields.all('cc'), notes, 'Cc'),
    subject: readSubject(fields, notes),
  };
}

/** `From`, which the reader sees; only where it names nobody, who handed the mail in. */
function readSender(fields: HeaderFields, notes: ReadingNotes): MailAddress | null {
  const authors = readAddresses(fields.all('from').slice(0, 1), notes, 'From');
  const [author] = authors;
  if (authors.length > 1) notes.warn(`From names ${authors.length} people; the first one counts.`);
  if (author !== undefined) {
    notes.because(`The sender is ${author.address}, by From.`);
    return author;
  }
  notes.warn('From names nobody.');
  for (const [field, name] of [
    ['sender', 'Sender'],
    ['return-path', 'Return-Path'],
  ] as const) {
    const [found] = readAddresses(
      fields
        .all(field)
        .slice(0, 1)
        .filter((value) => value.replaceAll(/\s/g, '') !== '<>'),
      notes,
      name,
    );
    if (found === undefined) continue;
    notes.because(`The sender is ${found.address}, by ${name}, because From names nobody.`);
    return found;
  }
  notes.because('The sender is not known.');
  return null;
}

function readSubject(fields: HeaderFields, notes: ReadingNotes): string | null {
  const value = fields.get('subject');
  if (value === undefined) {
    notes.warn('The mail has no Subject.');
    return null;
  }
  // Decoding can shorten to a twelfth: base64 of four bytes a character, with its frame.
  const subject = readableField(value.slice(0, MAIL_LIMITS.subjectCharacters * 12), notes, 'Subject').replaceAll(
    /\s+/g,
    ' ',
  );
  if (value.length <= MAIL_LIMITS.subjectCharacters * 12 && subject.length <= MAIL_LIMITS.subjectCharacters)
    return subject;
  notes.warn(`The Subject has ${value.length} characters; the first ${MAIL_LIMITS.subjectCharacters} are kept.`);
  return subject.slice(0, MAIL_LIMITS.subjectCharacters).toWellFormed();
}

type Judged = Pick<
  MailReading,
  'text' | 'html' | 'attachments' | 'isAutoReply' | 'isBounce' | 'bounce' | 'threadKeys'
> &
  Pick<OpenedMail, 'openers'>;

function readContent(
  bytes: Buffer,
  fields: HeaderFields,
  bodyStart: number,
  notes: ReadingNotes,
  withMarks: boolean,
): Judged {
  const isTooLarge = bytes.length > MAIL_LIMITS.mailBytes;
  if (isTooLarge)
    notes.warn(`The mail has ${bytes.length} bytes, more than ${MAIL_LIMITS.mailBytes}; only its header is read.`);
  const body = isTooLarge ? NO_BODY : readBody(bytes, readMimeTree(bytes, fields, bodyStart, notes), notes, withMarks);
  const quiet = new ReadingNotes();
  const subject = readSubject(fields, quiet) ?? '';
  const recipients = [...readAddresses(fields.all('to'), quiet, 'To'), ...readAddresses(fields.all('cc'), quiet, 'Cc')];
  const threadKeys = readThreadKeys(fields, subject, recipients, notes);
  const isAnswer = threadKeys.inReplyTo !== null || threadKeys.references.length > 0;
  const isAutoReply = isSentByProgram(fields, subject, isAnswer, notes);
  noteList(fields, notes);
  const bounce = readBounce(fields, subject, body, notes);
  return {
    text: body.text,
    html: body.html,
    attachments: body.attachments,
    openers: body.openers,
    isAutoReply: isAutoReply || bounce !== null,
    isBounce: bounce !== null,
    bounce: bounce === null ? null : { ...bounce, originalMessageId: bounce.originalMessageId ?? threadKeys.inReplyTo },
    threadKeys,
  };
}

function readBounce(
  fields: HeaderFields,
  subject: string,
  body: BodyReading,
  notes: ReadingNotes,
): BounceReading | null {
  const report = readDeliveryReport(body.deliveryStatus);
  const [told] = report.recipients;
  if (told !== undefined) {
    notes.because(
      `Bounce: a report of delivery (RFC 3464) names ${report.recipients.length} that ${told.action === 'delayed' ? 'wait' : 'failed'}, first ${quoted(told.finalRecipient ?? 'nobody')}.`,
    );
    return { ...told, originalMessageId: body.enclosedMessageId, recipients: report.recipients };
  }
  if (report.delivered > 0) {
    notes.because('A report of delivery (RFC 3464) says that the mail arrived; this is no bounce.');
    return null;
  }
  const found = readVendorBounce({ fields, subject, text: body.text, isFromServer: isFromServer(fields) });
  const [first] = found?.recipients ?? [];
  if (found === null || first === undefined) return null;
  notes.because(
    `Bounce: it is worded like those of ${found.vendor} and comes from a server; it has no report after RFC 3464.`,
  );
  return {
    ...first,
    originalMessageId: body.enclosedMessageId ?? found.originalMessageId,
    recipients: found.recipients,
  };
}

/** RFC 5321 §4.5.5: reports have an empty return path, or come from one of two names. */
function isFromServer(fields: HeaderFields): boolean {
  if (fields.all('return-path').some((path) => path.replaceAll(/\s/g, '') === '<>')) return true;
  return /(?:^|[<\s"])(?:mailer-daemon|postmaster|mail-daemon|mdaemon|maildaemon)(?:@|[>\s"]|$)/i.test(
    fields.get('from') ?? '',
  );
}

/** Takes off what programs put before the header, and gives a mail of bare CR line breaks. */
function normalised(bytes: Buffer, notes: ReadingNotes): { bytes: Buffer; start: number } {
  let start = 0;
  let all = bytes;
  if (all.length > 1 && ((all[0] === 0xff && all[1] === 0xfe) || (all[0] === 0xfe && all[1] === 0xff))) {
    notes.warn('The whole file is UTF-16, which no mail is; it is read as text.');
    all = Buffer.from(
      new TextDecoder(all[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(all.subarray(0, MAIL_LIMITS.mailBytes)),
      'utf8',
    );
  }
  if (all.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) {
    notes.warn('The file begins with a byte order mark, which is left out.');
    start = 3;
  }
  if (all.length <= MAIL_LIMITS.mailBytes && !all.includes(10) && all.includes(13)) {
    notes.warn('The lines end in bare CR.');
    all = Buffer.from(all);
    for (let at = all.indexOf(13); at !== -1; at = all.indexOf(13, at + 1)) all[at] = 10;
  }
  const blank = start;
  while (all[start] === 10 || all[start] === 13) start += 1;
  if (start > blank && start < all.length) notes.warn('There are empty lines before the header.');
  if (all.subarray(start, start + 5).toString('latin1') === 'From ')
    notes.because('The line of an mbox file before the header is left out.');
  return { bytes: all, start };
}
