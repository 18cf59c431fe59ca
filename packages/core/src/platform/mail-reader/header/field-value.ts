import { decodeCharset } from '../coding/charset.ts';
import { decodeWords } from '../coding/encoded-words.ts';
import type { ReadingNotes } from '../reading-notes.ts';

/** A field such as `Content-Type`: a value and its parameters. */
export interface FieldValue {
  /** In lower case. */
  readonly value: string;
  /** By name in lower case, decoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_PARAMETERS = 100;

interface Piece {
  readonly order: number;
  readonly isEncoded: boolean;
  readonly text: string;
}

/** Reads `type; name=value; name*0*=utf-8''…` after RFC 2045 and RFC 2231, and encoded words in quotes, which nobody should write and many do. */
export function readFieldValue(text: string, notes: ReadingNotes, what: string): FieldValue {
  const [first = '', ...rest] = splitOutsideQuotes(text);
  const pieces = new Map<string, Piece[]>();
  for (const part of rest.slice(0, MAX_PARAMETERS)) {
    const equals = part.indexOf('=');
    if (equals === -1) continue;
    const match = /^([^*\s]{1,60})(?:\*(\d{1,3}))?(\*)?$/.exec(part.slice(0, equals).trim().toLowerCase());
    if (match === null) continue;
    const name = match[1] ?? '';
    const piece = {
      order: match[2] === undefined ? -1 : Number(match[2]),
      isEncoded: match[3] === '*',
      text: unquote(part.slice(equals + 1).trim()),
    };
    pieces.set(name, [...(pieces.get(name) ?? []), piece]);
  }
  const parameters = new Map([...pieces].map(([name, list]) => [name, join(list, notes, what)] as const));
  return {
    value: first
      .replaceAll(/\([^()]*\)/g, '')
      .trim()
      .toLowerCase(),
    parameters,
  };
}

/** What RFC 2231 encodes goes before the plain form that was added for old readers. */
function join(pieces: readonly Piece[], notes: ReadingNotes, what: string): string {
  const numbered = pieces.filter((piece) => piece.order >= 0).toSorted((a, b) => a.order - b.order);
  const single = pieces.find((piece) => piece.order < 0 && piece.isEncoded);
  const chosen = numbered.length > 0 ? numbered : single === undefined ? [] : [single];
  if (chosen.length === 0) return decodeWords(pieces[0]?.text ?? '', notes, what);
  let charset = '';
  const bytes = chosen.map((piece, index) => {
    if (!piece.isEncoded) return Buffer.from(piece.text, 'utf8');
    const [, named, rest] = (index === 0 ? /^([^']{0,60})'[^']{0,40}'(.*)$/s.exec(piece.text) : null) ?? [];
    charset = named ?? charset;
    return percentDecoded(rest ?? piece.text);
  });
  return decodeCharset(Buffer.concat(bytes), charset === '' ? 'utf-8' : charset, notes, what);
}

function percentDecoded(text: string): Buffer {
  return Buffer.from(
    Buffer.from(text, 'utf8')
      .toString('latin1')
      .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text.replace(/\s*\([^()]*\)$/, '');
  const end = text.length > 1 && text.endsWith('"') ? -1 : undefined;
  return text.slice(1, end).replaceAll(/\\([\\"])/g, '$1');
}

function splitOutsideQuotes(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '\\' && isQuoted) at += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === ';' && !isQuoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
