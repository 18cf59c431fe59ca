import { readFieldValue, type FieldValue } from '../header/field-value.ts';
import { readHeaderSection, type HeaderFields } from '../header/header-fields.ts';
import { MAIL_LIMITS } from '../mail-limits.ts';
import type { ReadingNotes } from '../reading-notes.ts';

/** A part of a mail: its header and where its content lies, or its own parts. */
export interface MimePart {
  readonly fields: HeaderFields;
  readonly type: FieldValue;
  readonly disposition: FieldValue;
  readonly parts: MimePart[];
  readonly start: number;
  end: number;
}

interface Open {
  readonly part: MimePart;
  readonly boundary: string;
  isClosed: boolean;
}

/** RFC 2046 §5.1.1 allows 70 characters; more is met, and with the dashes this is all that is looked at of a line. */
const MAX_BOUNDARY = 250;

/**
 * Reads a mail's structure in one pass over its lines, however deep it nests: each line that begins with two dashes is looked up among the boundaries that are
 * open, the innermost first, so a part that was never closed ends where the one around it goes on.
 */
export function readMimeTree(bytes: Buffer, root: HeaderFields, bodyStart: number, notes: ReadingNotes): MimePart {
  return new TreeReader(bytes, notes).read(root, bodyStart);
}

class TreeReader {
  readonly #bytes: Buffer;
  readonly #notes: ReadingNotes;
  #stack: Open[] = [];
  /** Of each open boundary the place in the stack, the innermost where two are the same. */
  #levels = new Map<string, number>();
  #leaf: MimePart | null = null;
  #parts = 1;

  constructor(bytes: Buffer, notes: ReadingNotes) {
    this.#bytes = bytes;
    this.#notes = notes;
  }

  read(fields: HeaderFields, bodyStart: number): MimePart {
    const root = this.#makePart(fields, bodyStart, 'text/plain');
    this.#enter(root);
    let at = bodyStart;
    for (let dashed = 0; this.#stack.length > 0; dashed += 1) {
      const line = this.#nextDashedLine(at, at === bodyStart);
      if (line === -1) break;
      if (dashed >= MAIL_LIMITS.dashedLines) {
        this.#notes.warn('The mail has too many lines that look like boundaries; the rest is not taken apart.');
        break;
      }
      at = this.#takeLine(line);
    }
    this.#endLeaf(this.#bytes.length);
    if (this.#stack.some((open) => !open.isClosed)) this.#notes.warn('The mail ends before its last part does.');
    return root;
  }

  /** Looks up a line that begins with two dashes; answers where to go on. */
  #takeLine(line: number): number {
    const newline = this.#bytes.indexOf(10, line);
    const next = newline === -1 ? this.#bytes.length : newline + 1;
    if (next - line > MAX_BOUNDARY + 10) return next - 1;
    const text = this.#bytes.toString('latin1', line + 2, next).trimEnd();
    const level = this.#levels.get(text) ?? (text.endsWith('--') ? (this.#levels.get(text.slice(0, -2)) ?? -1) : -1);
    const open = this.#stack[level];
    if (open === undefined) return Math.max(next - 1, line + 1);
    this.#endLeaf(line);
    if (this.#stack.slice(level + 1).some((inner) => !inner.isClosed))
      this.#notes.warn('A part within another one is not closed.');
    this.#keepLevels(level + 1);
    open.isClosed = text !== open.boundary;
    if (open.isClosed) {
      // Its epilogue is nobody's; the boundary stays known, for mails that go on after their end.
      return Math.max(next - 1, line + 1);
    }
    return this.#openPart(open, next);
  }

  #openPart(around: Open, start: number): number {
    if (this.#parts >= MAIL_LIMITS.parts) {
      this.#notes.warn(`The mail has more than ${MAIL_LIMITS.parts} parts; the rest is left out.`);
      this.#keepLevels(0);
      return start;
    }
    this.#parts += 1;
    const { fields, bodyStart } = readHeaderSection(this.#bytes, start, this.#endOfHeader(start), this.#notes);
    const part = this.#makePart(
      fields,
      bodyStart,
      around.part.type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain',
    );
    around.part.parts.push(part);
    this.#enter(part);
    return bodyStart - 1;
  }

  /** A part may be nothing but its header; that must not take the next boundary for one of its lines. */
  #endOfHeader(start: number): number {
    for (let at = start; at < this.#bytes.length;) {
      if (this.#bytes[at] === 45 && this.#bytes[at + 1] === 45) return at;
      const newline = this.#bytes.indexOf(10, at);
      if (newline === -1) break;
      if (newline - at <= 1) return newline + 1;
      at = newline + 1;
      if (at - start > MAIL_LIMITS.headerBytes) return at;
    }
    return this.#bytes.length;
  }

  #enter(part: MimePart): void {
    const isMultipart = part.type.value.startsWith('multipart/');
    if (!isMultipart) {
      this.#leaf = part;
      return;
    }
    if (this.#stack.length >= MAIL_LIMITS.depth) {
      this.#notes.warn(
        `Parts lie more than ${MAIL_LIMITS.depth} deep in each other; what is deeper is not taken apart.`,
      );
      this.#leaf = part;
      return;
    }
    const boundary = part.type.parameters.get('boundary')?.trimEnd() ?? this.#guessBoundary(part.start);
    if (boundary === null || boundary === '' || boundary.length > MAX_BOUNDARY) {
      this.#notes.warn('A part should have parts of its own but names no boundary; it is read as text.');
      this.#leaf = part;
    } else {
      const line = Buffer.from(boundary, 'utf8').toString('latin1');
      this.#levels.set(line, this.#stack.length);
      this.#stack.push({ part, boundary: line, isClosed: false });
    }
  }

  #keepLevels(count: number): void {
    this.#stack = this.#stack.slice(0, count);
    this.#levels = new Map(this.#stack.map((open, level) => [open.boundary, level]));
  }

  /** The first line with two dashes that a header follows. */
  #guessBoundary(start: number): string | null {
    const line = this.#nextDashedLine(start, true);
    if (line === -1) return null;
    const [first = '', second = ''] = this.#bytes.toString('latin1', line, line + 2 * MAX_BOUNDARY).split(/\r?\n/, 2);
    const boundary = /^content-[a-z-]{1,40}:/i.test(second) ? first.slice(2).trimEnd() : '';
    if (boundary !== '') this.#notes.warn('The boundary between parts is not named; it is guessed.');
    return boundary;
  }

  #makePart(fields: HeaderFields, start: number, fallback: string): MimePart {
    const type = readFieldValue(fields.get('content-type') ?? fallback, this.#notes, 'Content-Type');
    const isType = /^[a-z0-9!#$&^_.+-]{1,80}\/[a-z0-9!#$&^_.+-]{1,120}$/.test(type.value);
    if (!isType && type.value !== '' && type.value !== 'text')
      this.#notes.warn('A Content-Type is no media type; the part is read as text or kept as a file.');
    const value = isType ? type.value : fields.has('content-disposition') ? 'application/octet-stream' : 'text/plain';
    return {
      fields,
      type: { ...type, value },
      disposition: readFieldValue(fields.get('content-disposition') ?? '', this.#notes, 'Content-Disposition'),
      parts: [],
      start,
      end: start,
    };
  }

  /** The line break before a boundary belongs to the boundary. */
  #endLeaf(at: number): void {
    if (this.#leaf === null) return;
    let end = at;
    if (at < this.#bytes.length) {
      if (this.#bytes[end - 1] === 10) end -= 1;
      if (this.#bytes[end - 1] === 13) end -= 1;
    }
    this.#leaf.end = Math.max(this.#leaf.start, end);
    this.#leaf = null;
  }

  #nextDashedLine(from: number, isLineStart: boolean): number {
    if (isLineStart && this.#bytes[from] === 45 && this.#bytes[from + 1] === 45) return from;
    const found = this.#bytes.indexOf('\n--', from, 'latin1');
    return found === -1 ? -1 : found + 1;
  }
}
