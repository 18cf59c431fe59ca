import { decodeCharset } from './charset.ts';
import type { ReadingNotes } from '../reading-notes.ts';
import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.ts';

/** A word with its spaces inside, as some programs write it against RFC 2047 §2. */
const WORD = /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bq])\?([^?]*)\?=/gi;

interface Run {
  readonly charset: string;
  readonly bytes: Buffer[];
}

/**
 * Text of a header with its encoded words decoded (RFC 2047), also where a program broke the rules: spaces in a word, words in quotes or stuck to other text, a
 * character split over two words.
 */
export function decodeWords(text: string, notes: ReadingNotes, what: string): string {
  if (!text.includes('=?')) return text;
  let result = '';
  let end = 0;
  let run: Run | null = null;
  const flush = (): void => {
    if (run !== null) result += decodeCharset(Buffer.concat(run.bytes), run.charset, notes, what);
    run = null;
  };
  for (const match of text.matchAll(WORD)) {
    const between = text.slice(end, match.index);
    const charset = (match[1] ?? '').toLowerCase();
    const bytes = decodeWord(match[2] ?? '', match[3] ?? '');
    // Space between two words is no part of the text (§6.2).
    const isAdjacent = run !== null && between.trim() === '';
    if (!isAdjacent || (run as Run | null)?.charset !== charset) flush();
    if (!isAdjacent) result += between;
    if (run === null) run = { charset, bytes: [] };
    (run as Run).bytes.push(bytes);
    end = match.index + match[0].length;
  }
  flush();
  const rest = text.slice(end);
  if (/=\?[^?\s]{1,60}\?[bq]\?/i.test(rest)) notes.warn(`${what} has an encoded word without an end.`);
  return result + rest;
}

function decodeWord(encoding: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (encoding.toLowerCase() === 'b') return decodeBase64(bytes).bytes;
  return decodeQuotedPrintable(Buffer.from(text.replaceAll('_', ' '), 'utf8')).bytes;
}
