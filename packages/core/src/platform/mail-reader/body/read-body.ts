import { fileNameOf } from './attachment-name.ts';
import { noteInvite } from './calendar-invite.ts';
import { decodeCharset } from '../coding/charset.ts';
import { unflow } from './flowed.ts';
import { readableField, readHeaderSection } from '../header/header-fields.ts';
import { makeSafeHtml } from './html-body.ts';
import { textOfHtml } from './html-text.ts';
import { MAIL_LIMITS } from '../mail-limits.ts';
import type { AttachmentReading } from '../mail-reading.ts';
import { readMessageIds } from '../header/message-ids.ts';
import type { MimePart } from './mime-tree.ts';
import { contentIdOf, nameOf } from './part-names.ts';
import { ReadingNotes } from '../reading-notes.ts';
import { combine, isEmpty, metaCharset, NOTHING, withoutCommands, type Content } from './text-content.ts';
import { readTnef } from './tnef.ts';
import { decodeTransfer } from '../coding/transfer-encoding.ts';
import { takeUuencoded } from './uuencode.ts';

/** What lies below a mail's header. */
export interface BodyReading {
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly AttachmentReading[];
  /** Decodes the content of each attachment, in their order. */
  readonly openers: readonly (() => Uint8Array)[];
  /** Of each `message/delivery-status` part, the text. */
  readonly deliveryStatus: readonly string[];
  /** `Message-ID` of a mail that this one brings along, whole or only its header. */
  readonly enclosedMessageId: string | null;
}

type Place = 'body' | 'related' | 'file';

/** Finds the text to read and the files in a mail's parts. */
export function readBody(bytes: Buffer, root: MimePart, notes: ReadingNotes, withMarks: boolean): BodyReading {
  return new BodyReader(bytes, notes, withMarks).read(root);
}

class BodyReader {
  readonly #bytes: Buffer;
  readonly #notes: ReadingNotes;
  readonly #withMarks: boolean;
  readonly #openers: (() => Uint8Array)[] = [];
  readonly #attachments: AttachmentReading[] = [];
  readonly #deliveryStatus: string[] = [];
  #enclosedMessageId: string | null = null;
  #root: MimePart | null = null;
  #outlookText: Content = NOTHING;
  #textBytes: number = MAIL_LIMITS.textBytes;

  constructor(bytes: Buffer, notes: ReadingNotes, withMarks: boolean) {
    this.#bytes = bytes;
    this.#notes = notes;
    this.#withMarks = withMarks;
  }

  read(root: MimePart): BodyReading {
    this.#root = root;
    let content = this.#contentOf(root, 'body');
    if (isEmpty(content)) content = this.#outlookText;
    const safe = content.html === null ? null : makeSafeHtml(content.html, this.#notes, this.#withMarks);
    const text = content.text ?? (safe === null ? '' : textOfHtml(safe.html));
    return {
      text: this.#cut(text.replaceAll('\0', '').toWellFormed().trimEnd()),
      html: safe?.html.replaceAll('\0', '').toWellFormed() ?? null,
      attachments: this.#attachments.map((one) =>
        one.contentId !== null && safe?.contentIds.has(one.contentId) === true ? { ...one, inline: true } : one,
      ),
      openers: this.#openers,
      deliveryStatus: this.#deliveryStatus,
      enclosedMessageId: this.#enclosedMessageId,
    };
  }

  #contentOf(part: MimePart, place: Place): Content {
    const type = part.type.value;
    if (part.parts.length > 0) return this.#contentOfParts(part, place);
    if (type.startsWith('multipart/') && part === this.#root) {
      this.#notes.warn('The mail should have parts and has none; all of it is read as text.');
      return this.#textOf({ ...part, type: { value: 'text/plain', parameters: new Map() }, end: this.#bytes.length });
    }
    if (this.#isText(part, place)) return this.#textOf(part);
    this.#attach(part, place);
    return NOTHING;
  }

  #contentOfParts(part: MimePart, place: Place): Content {
    const [first, ...others] = part.parts;
    const kind = part.type.value;
    if (first === undefined) return NOTHING;
    if (kind === 'multipart/alternative') return this.#bestOf(part.parts, place);
    if (kind === 'multipart/related') {
      const start = part.type.parameters.get('start');
      const root =
        part.parts.find((one) => start !== undefined && contentIdOf(one) === start.replaceAll(/^<|>$/g, '')) ?? first;
      const content = this.#contentOf(root, place);
      return combine([
        content,
        ...part.parts.filter((one) => one !== root).map((one) => this.#contentOf(one, 'related')),
      ]);
    }
    this.#noteSealed(part);
    if (kind === 'multipart/signed') {
      const content = this.#contentOf(first, place);
      for (const signature of others) this.#contentOf(signature, 'file');
      return content;
    }
    const inside = kind === 'multipart/appledouble' || kind === 'multipart/encrypted' ? 'file' : place;
    return combine(part.parts.map((one) => this.#contentOf(one, inside)));
  }

  /** The same in several forms: the plainest text and the richest HTML. */
  #bestOf(parts: readonly MimePart[], place: Place): Content {
    const contents = parts.map((part) => this.#contentOf(part, place));
    return {
      text: contents.find((one) => one.text !== null && one.text.trim() !== '')?.text ?? null,
      html: contents.findLast((one) => one.html !== null)?.html ?? null,
    };
  }

  #isText(part: MimePart, place: Place): boolean {
    const type = part.type.value;
    if (place === 'file' || part.disposition.value === 'attachment') return false;
    if (type === 'message/delivery-status' || !/^text\/(?:plain|html|enriched|richtext|markdown|x-[a-z-]+)$/.test(type))
      return false;
    if (part === this.#root) return true;
    return place === 'body' && nameOf(part) === undefined;
  }

  #textOf(part: MimePart): Content {
    const type = part.type.value;
    const bytes = this.#withinBudget(this.#decode(part, 'The text'));
    const isHtml = type === 'text/html';
    const charset = part.type.parameters.get('charset') ?? (isHtml ? metaCharset(bytes) : '');
    const decoded = decodeCharset(bytes, charset, this.#notes, 'The text')
      .replaceAll('\r\n', '\n')
      .replaceAll('\r', '\n')
      .replace(/^\ufeff/, '');
    if (decoded.includes('\0')) this.#notes.warn('The text has NUL characters, which are left out.');
    if (isHtml) return { text: null, html: decoded };
    const isFlowed = part.type.parameters.get('format')?.toLowerCase() === 'flowed';
    const lines = isFlowed
      ? unflow(this.#cut(decoded), part.type.parameters.get('delsp')?.toLowerCase() === 'yes')
      : decoded;
    const plain = /^text\/(?:enriched|richtext)$/.test(type) ? withoutCommands(lines) : lines;
    const { text, files } = takeUuencoded(plain);
    for (const file of files)
      this.#add(
        {
          name: fileNameOf(file.name, this.#notes),
          type: 'application/octet-stream',
          sizeBytes: file.sizeBytes,
          inline: false,
          contentId: null,
        },
        file.content,
      );
    if (files.length > 0) this.#notes.because(`${files.length} uuencoded in the text: taken out as files.`);
    if (/^-----BEGIN PGP MESSAGE-----\s*$/m.test(text))
      this.#notes.warn('The text is encrypted with PGP and cannot be read.');
    if (/^-----BEGIN PGP SIGNED MESSAGE-----\s*$/m.test(text))
      this.#notes.because('The text is signed with PGP; the signature is not checked.');
    return { text, html: null };
  }

  /** Texts of many megabytes are files that somebody forgot to attach; as text they would take many times their size. */
  #withinBudget(bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, this.#textBytes);
    this.#textBytes -= taken.length;
    if (taken.length < bytes.length)
      this.#notes.warn(
        `The text is longer than ${MAIL_LIMITS.textBytes / 1024 / 1024} MB; only the beginning is read.`,
      );
    return taken;
  }

  #attach(part: MimePart, place: Place): void {
    const type = part.type.value;
    const bytes = this.#decode(part, 'A file');
    if (/^application\/(?:ms-tnef|vnd\.ms-tnef)$/.test(type) || /^winmail\.dat$/i.test(nameOf(part) ?? '')) {
      if (this.#takeTnef(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) return;
    }
    this.#noteSpecial(part, bytes);
    const contentId = contentIdOf(part);
    const disposition = part.disposition.value;
    this.#add(
      {
        name: fileNameOf(nameOf(part), this.#notes) ?? this.#enclosedName(part, bytes),
        type,
        sizeBytes: bytes.length,
        inline: disposition === 'inline' || (disposition === '' && place === 'related' && contentId !== null),
        contentId,
      },
      // Decoded anew, so that a mail's files are never all in memory.
      () => this.#decode(part, 'A file'),
    );
  }

  #noteSpecial(part: MimePart, bytes: Uint8Array): void {
    const type = part.type.value;
    const text = (): string => new TextDecoder().decode(bytes.subarray(0, MAIL_LIMITS.textCharacters));
    if (type === 'text/calendar') noteInvite(text(), part.type.parameters.get('method'), this.#notes);
    if (/^message\/(?:global-)?delivery-status$/.test(type)) this.#deliveryStatus.push(text());
    if (/^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/.test(type))
      this.#enclosed(bytes);
    if (type === 'message/partial')
      this.#notes.warn('This is a piece of a mail that was sent in several; it is not put together.');
    if (type === 'message/external-body') this.#notes.warn('A part lies elsewhere and is not fetched.');
    if (type === 'application/applefile')
      this.#notes.because('A Macintosh file came in two halves; the resource half is kept as a file.');
    if (/^application\/(?:x-)?pkcs7-mime$/.test(type)) {
      const isSigned = /signed-data/i.test(part.type.parameters.get('smime-type') ?? '');
      this.#notes.warn(
        `The mail is ${isSigned ? 'wrapped in a signature' : 'encrypted'} (S/MIME); what is inside is kept as a file and not read.`,
      );
    }
  }

  #noteSealed({ type }: MimePart): void {
    const protocol = type.parameters.get('protocol')?.toLowerCase() ?? '';
    const by = protocol.includes('pgp') ? 'PGP' : protocol.includes('pkcs7') ? 'S/MIME' : 'an unknown method';
    if (type.value === 'multipart/signed')
      this.#notes.because(`The mail is signed with ${by}; the signature is not checked.`);
    if (type.value === 'multipart/encrypted') this.#notes.warn(`The mail is encrypted with ${by} and cannot be read.`);
  }

  /** A mail within the mail is a file; only its id is read, which tells what came back. */
  #enclosed(bytes: Uint8Array): void {
    this.#enclosedMessageId ??= readMessageIds([this.#headerOf(bytes).get('message-id') ?? ''])[0] ?? null;
  }

  #enclosedName(part: MimePart, bytes: Uint8Array): string | null {
    if (part.type.value !== 'message/rfc822') return null;
    const ignored = new ReadingNotes();
    const subject = fileNameOf(
      readableField(this.#headerOf(bytes).get('subject') ?? '', ignored, '')
        .slice(0, 150)
        .replaceAll(/[\\/:*?"<>|]+/g, ' '),
      ignored,
    );
    return `${subject ?? 'message'}.eml`;
  }

  #headerOf(bytes: Uint8Array): ReturnType<typeof readHeaderSection>['fields'] {
    const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, MAIL_LIMITS.headerBytes));
    return readHeaderSection(header, 0, header.length, new ReadingNotes()).fields;
  }

  /** False where it is none, and so an ordinary file. */
  #takeTnef(bytes: Buffer): boolean {
    const content = readTnef(bytes);
    if (content === null) {
      this.#notes.warn('A winmail.dat cannot be read; it is kept as a file.');
      return false;
    }
    this.#notes.because(
      `Outlook packed ${content.attachments.length} files into winmail.dat; they are listed as files.`,
    );
    for (const { name: written, type: declared, contentId, sizeBytes, content: file } of content.attachments) {
      const [name, type] = [fileNameOf(written ?? undefined, this.#notes), declared ?? 'application/octet-stream'];
      this.#add({ name, type, sizeBytes, inline: false, contentId }, () => file);
    }
    const html =
      content.html === null
        ? null
        : decodeCharset(content.html, metaCharset(content.html) || 'utf-8', this.#notes, 'The text');
    this.#outlookText = { text: content.text, html };
    if (content.hasRtf && content.text === null && html === null)
      this.#notes.warn('A winmail.dat has a text in RTF, which is not read.');
    return true;
  }

  #add(attachment: AttachmentReading, open: () => Uint8Array): void {
    if (this.#attachments.length < MAIL_LIMITS.parts) {
      this.#attachments.push(attachment);
      this.#openers.push(open);
    } else this.#notes.warn(`The mail has more than ${MAIL_LIMITS.parts} files; the rest is left out.`);
  }

  #decode(part: MimePart, what: string): Uint8Array {
    const source = this.#bytes.subarray(part.start, part.end);
    // RFC 2045 §6.4: what has parts of its own has no encoding; programs that encode a mail within a mail mean it, though.
    return decodeTransfer(
      source,
      part.fields.get('content-transfer-encoding')?.replace(/[;(].*$/s, '') ?? '',
      this.#notes,
      what,
    );
  }

  #cut(text: string): string {
    if (text.length <= MAIL_LIMITS.textCharacters) return text;
    this.#notes.warn(`The text has ${text.length} characters; the first ${MAIL_LIMITS.textCharacters} are shown.`);
    return text.slice(0, MAIL_LIMITS.textCharacters).toWellFormed();
  }
}
