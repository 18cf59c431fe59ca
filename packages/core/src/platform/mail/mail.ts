import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';

/** Somebody who gets a mail. */
export interface MailRecipient {
  readonly address: string;
  readonly name?: string;
  /** True for those in `Cc`. */
  readonly isCopy?: boolean;
}

/** A file that travels with a mail. */
export interface MailAttachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** Without angle brackets: as `cid:` in the HTML names what is shown within it. */
  readonly contentId?: string;
}

/** A mail to be sent, as a use case writes it. */
export interface Mail {
  /** Whose mail it is; null for what concerns the MSP alone, such as a staff invitation. */
  readonly clientId: ClientId | null;
  /** What it is for, `module.what`: `billing.invoice`. */
  readonly purpose: string;
  readonly to: readonly MailRecipient[];
  /** The name beside our address, normally the MSP's. */
  readonly fromName: string;
  /** The bare address that it comes from and that bounces go to; ours where absent. */
  readonly from?: string;
  readonly replyTo?: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly attachments?: readonly MailAttachment[];
  /** `Message-ID` of the mail that this one answers, with angle brackets. */
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  /** Put into the `Message-ID`, so that an answer carries it even where it keeps nothing else: letters, digits, dashes. */
  readonly threadToken?: string;
  /** What `Auto-Submitted` says (RFC 3834); `auto-generated` where absent, `no` where a person wrote it. */
  readonly autoSubmitted?: 'auto-generated' | 'auto-replied' | 'no';
  /** True where the body lets its reader sign in. Such a body is erased once delivered and shown to administrators only. */
  readonly isSecret?: boolean;
}

/** More is a mailing, which is not what this is for. */
const MAX_RECIPIENTS = 50;
/** Common servers refuse more than 25 MB, and base64 adds a third. */
const MAX_MAIL_BYTES = 15 * 1024 * 1024;
const MAX_BODY_CHARACTERS = 1_000_000;
/** RFC 5321 §4.5.3.1: 64 before the @, 255 after; a path is at most 254 characters. */
const MAX_ADDRESS = 254;

const address = z.email().max(MAX_ADDRESS);
// Line breaks would end a header; other controls, the bidi overrides among them, make it read as what it is not.
const NOT_IN_HEADER = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;
const MESSAGE_ID = /^<[^<>\s]{1,250}@[^<>\s]{1,250}>$/;
const CONTENT_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}$/;

/** Throws `mail.refused`, which names the field, for anything that could forge a header, reach nobody or not be stored. */
export function assertSendable(mail: Mail): void {
  if (mail.to.length === 0) refuse(['to'], 'must name at least one recipient');
  if (mail.to.length > MAX_RECIPIENTS) refuse(['to'], `must name at most ${MAX_RECIPIENTS} recipients`);
  for (const [index, recipient] of mail.to.entries()) {
    if (!isAddress(recipient.address)) refuse(['to', index, 'address'], 'must be one e-mail address');
    if (recipient.name !== undefined) assertHeader(['to', index, 'name'], recipient.name, 200);
  }
  assertHeader(['fromName'], mail.fromName, 200);
  assertHeader(['subject'], mail.subject, 500);
  if (mail.subject.trim() === '') refuse(['subject'], 'must not be empty');
  for (const field of ['from', 'replyTo'] as const)
    if (mail[field] !== undefined && !isAddress(mail[field])) refuse([field], 'must be one e-mail address');
  if (mail.threadToken !== undefined && !/^[a-z0-9-]{1,60}$/.test(mail.threadToken))
    refuse(['threadToken'], 'must be letters, digits and dashes');
  assertBody(['text'], mail.text);
  if (mail.html !== undefined) assertBody(['html'], mail.html);
  for (const [field, ids] of [
    ['inReplyTo', mail.inReplyTo === undefined ? [] : [mail.inReplyTo]],
    ['references', mail.references ?? []],
  ] as const)
    if (ids.length > 50 || ids.some((id) => !MESSAGE_ID.test(id))) refuse([field], 'must be message ids such as <a@b>');
  assertAttachments(mail);
}

/** True for exactly one address, without a name or a list. */
export function isAddress(text: string): boolean {
  return !NOT_IN_HEADER.test(text) && address.safeParse(text).success;
}

function assertAttachments(mail: Mail): void {
  let size = mail.text.length + (mail.html?.length ?? 0);
  for (const [index, attachment] of (mail.attachments ?? []).entries()) {
    assertHeader(['attachments', index, 'fileName'], attachment.fileName, 200);
    if (attachment.fileName === '') refuse(['attachments', index, 'fileName'], 'must not be empty');
    if (!CONTENT_TYPE.test(attachment.contentType))
      refuse(['attachments', index, 'contentType'], 'must be a media type such as application/pdf');
    if (attachment.contentId !== undefined && !/^[^<>\s@]{1,100}@[^<>\s@]{1,100}$/.test(attachment.contentId))
      refuse(['attachments', index, 'contentId'], 'must be a content id such as a@b');
    size += attachment.content.byteLength;
  }
  if (size > MAX_MAIL_BYTES)
    refuse(['attachments'], `must have at most ${MAX_MAIL_BYTES / 1024 / 1024} MB together with the text`);
}

function assertHeader(path: readonly (string | number)[], value: string, max: number): void {
  if (NOT_IN_HEADER.test(value)) refuse(path, 'must be one line without control characters');
  if (!value.isWellFormed()) refuse(path, 'must not contain an unpaired surrogate');
  if (value.length > max) refuse(path, `must have at most ${max} characters`);
}

function assertBody(path: readonly string[], value: string): void {
  if (value.includes('\0')) refuse(path, 'must not contain a NUL character');
  if (!value.isWellFormed()) refuse(path, 'must not contain an unpaired surrogate');
  if (value.length > MAX_BODY_CHARACTERS) refuse(path, `must have at most ${MAX_BODY_CHARACTERS} characters`);
}

function refuse(path: readonly (string | number)[], message: string): never {
  throw new InvalidInputError('mail.refused', `The mail's ${path.join('.')} ${message}.`, {
    fields: [{ path: [...path], message }],
  });
}
