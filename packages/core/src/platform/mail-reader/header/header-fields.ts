import { decodeCharset } from '../coding/charset.ts';
import { decodeWords } from '../coding/encoded-words.ts';
import { MAIL_LIMITS } from '../mail-limits.ts';
import type { ReadingNotes } from '../reading-notes.ts';

/** Header fields in their order, by name in lower case. Values are unfolded text with encoded words still in it. */
export class HeaderFields {
  readonly #fields: ReadonlyMap<string, readonly string[]>;

  constructor(fields: ReadonlyMap<string, readonly string[]>) {
    this.#fields = fields;
  }

  /** The first of that name. */
  get(name: string): string | undefined {
    return this.#fields.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#fields.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  names(): readonly string[] {
    return [...this.#fields.keys()];
  }
}

/** A header and where the body after it begins. */
export interface HeaderSection {
  readonly fields: HeaderFields;
  readonly bodyStart: number;
}

const FIELD = /^([!-9;-~]{1,200})[ \t]*:(.*)$/s;

/** Reads header fields from `start` up to the empty line. Takes what a mail server should have refused: lines that are none, bare CR, 8-bit text, NUL. */
export function readHeaderSection(bytes: Buffer, start: number, end: number, notes: ReadingNotes): HeaderSection {
  const reader = new SectionReader(notes);
  let at = start;
  while (at < end) {
    const newline = bytes.indexOf(10, at);
    const lineEnd = newline === -1 || newline >= end ? end : newline;
    const next = Math.min(lineEnd + 1, end);
    const line = bytes.toString('latin1', at, Math.min(lineEnd, at + MAIL_LIMITS.headerBytes)).replace(/\r$/, '');
    if (line === '') return { fields: reader.fields(), bodyStart: next };
    if (!reader.take(line) && !looksLikeHeader(bytes, next, end)) {
      notes.warn('The empty line between header and body is missing.');
      return { fields: reader.fields(), bodyStart: at };
    }
    if (reader.isFull) return { fields: reader.fields(), bodyStart: afterHeader(bytes, next, end) };
    at = next;
  }
  return { fields: reader.fields(), bodyStart: end };
}

/** Where the body begins that lies behind a header too long to be read. */
function afterHeader(bytes: Buffer, from: number, end: number): number {
  const found = ['\n\r\n', '\n\n'].map((mark) => {
    const at = bytes.indexOf(mark, from - 1, 'latin1');
    return at === -1 ? end : at + mark.length;
  });
  return Math.min(end, ...found);
}

/** True if the line at this place is a field, so that the one before was only a broken line of the header. */
function looksLikeHeader(bytes: Buffer, at: number, end: number): boolean {
  return /^[A-Za-z][\w-]{1,60}:/.test(bytes.toString('latin1', at, Math.min(end, at + 80)));
}

class SectionReader {
  readonly #notes: ReadingNotes;
  readonly #fields = new Map<string, string[]>();
  #name = '';
  #lines: string[] = [];
  #count = 0;
  #size = 0;

  constructor(notes: ReadingNotes) {
    this.#notes = notes;
  }

  /** False where the line cannot be part of a header. */
  take(line: string): boolean {
    this.#size += line.length;
    if (/^[ \t]/.test(line)) {
      if (this.#name !== '' && this.#hasRoom()) this.#lines.push(line.replace('\t', ' '));
      return true;
    }
    const match = FIELD.exec(line);
    if (match === null) {
      if (/^>?From /.test(line)) return true;
      this.#notes.warn('The header has a line that is no field.');
      return false;
    }
    this.#keep();
    this.#count += 1;
    if (!this.#hasRoom()) return true;
    this.#name = (match[1] ?? '').toLowerCase();
    this.#lines = [match[2] ?? ''];
    return true;
  }

  fields(): HeaderFields {
    this.#keep();
    return new HeaderFields(this.#fields);
  }

  /** True once a limit is reached, from where on nothing is kept. */
  get isFull(): boolean {
    return this.#count > MAIL_LIMITS.headerFields || this.#size > MAIL_LIMITS.headerBytes;
  }

  #hasRoom(): boolean {
    if (!this.isFull) return true;
    this.#notes.warn(
      `The header is longer than ${MAIL_LIMITS.headerFields} fields or ${MAIL_LIMITS.headerBytes / 1024} kB; only the beginning is read.`,
    );
    return false;
  }

  #keep(): void {
    if (this.#name === '') return;
    const values = this.#fields.get(this.#name) ?? [];
    values.push(this.#clean(this.#lines.join('')));
    this.#fields.set(this.#name, values);
    this.#name = '';
    this.#lines = [];
  }

  #clean(value: string): string {
    if (!/[\0\r\x80-\xff]/.test(value)) return value.trim();
    const what = `The header ${this.#name}`;
    if (value.includes('\0')) this.#notes.warn(`${what} has NUL bytes, which are left out.`);
    if (value.includes('\r')) this.#notes.warn(`${what} has a bare CR, which is read as a space.`);
    const plain = value.replaceAll('\0', '').replaceAll('\r', ' ');
    if (!/[\x80-\xff]/.test(plain)) return plain.trim();
    return decodeCharset(Buffer.from(plain, 'latin1'), 'utf-8', this.#notes, what).trim();
  }
}

/** A field as people read it: words decoded, without control characters. */
export function readableField(value: string, notes: ReadingNotes, what: string): string {
  return decodeWords(value, notes, what)
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .toWellFormed()
    .trim();
}
