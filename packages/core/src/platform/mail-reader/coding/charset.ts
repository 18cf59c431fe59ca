import iconv from 'iconv-lite';
import { base64Value } from './transfer-encoding.ts';
import type { ReadingNotes } from '../reading-notes.ts';
import { quoted } from '../reading-notes.ts';

/** What programs write for charsets that have another name at the WHATWG. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'ansi_x3.110-1983': 'windows-1252',
  'cp-850': 'cp850',
  'iso-8859-8-i': 'iso-8859-8',
  'iso-8859-8-e': 'iso-8859-8',
  ks_c_5601: 'euc-kr',
  'unicode-1-1-utf-7': 'utf-7',
  'unicode-1-1-utf-8': 'utf-8',
  cp932: 'shift_jis',
  cp936: 'gb18030',
  cp949: 'euc-kr',
  cp950: 'big5',
  utf8mb4: 'utf-8',
  'utf-8n': 'utf-8',
};
/** Names that say nothing about bytes above 127. */
const PLAIN = new Set([
  '',
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  '7bit',
  '8bit',
  'unknown-8bit',
  'x-unknown',
  'binary',
]);

/**
 * Bytes as text, whatever the mail calls their charset. Never throws: bytes that do not fit are replaced, and an unknown charset is read as UTF-8 or else as
 * windows-1252, which gives each byte a character.
 */
export function decodeCharset(bytes: Uint8Array, charset: string, notes: ReadingNotes, what: string): string {
  const label = charset.trim().toLowerCase().replaceAll(/["']/g, '');
  const name = OTHER_NAMES[label] ?? label;
  if (PLAIN.has(name)) return guess(bytes, notes, what, name === '' ? 'names no charset' : `says ${name}`);
  const exact = decoderOf(name);
  if (name === 'utf-7') return decodeUtf7(bytes);
  if (exact === undefined) {
    if (name.length <= 40 && iconv.encodingExists(name)) return iconv.decode(bytes, name);
    notes.warn(`${what} is in the charset ${quoted(charset)}, which is not known; it is read as well as it can be.`);
    return decodeUtf8(bytes) ?? decodeWindows1252(bytes);
  }
  try {
    return exact.decode(bytes);
  } catch {
    notes.warn(`${what} has bytes that are not ${name}.`);
    // A program that calls everything UTF-8 and writes Latin is common; the other way round is not.
    return name === 'utf-8' || name === 'utf8' ? decodeMixed(bytes) : new TextDecoder(name).decode(bytes);
  }
}

/**
 * RFC 2152. Written out because the libraries that have it take seconds for a megabyte of short shifts.
 */
function decodeUtf7(bytes: Uint8Array): string {
  const codes = new Uint16Array(bytes.length);
  let length = 0;
  let isShifted = false;
  let group = 0;
  let bits = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    // A hyphen ends the shift; elsewhere it may stand for a plus.
    const value = isShifted && byte !== 45 ? base64Value(byte) : -1;
    if (value >= 0) {
      group = ((group << 6) | value) & 0x3fffff;
      bits += 6;
      if (bits < 16) continue;
      bits -= 16;
      codes[length] = (group >> bits) & 0xffff;
      length += 1;
    } else if (byte === 43 && !isShifted) {
      isShifted = bytes[at + 1] !== 45;
      group = 0;
      bits = 0;
      if (isShifted) continue;
      // "+-" is a plus sign.
      codes[length] = 43;
      length += 1;
      at += 1;
    } else {
      const isEnd = isShifted && byte === 45;
      isShifted = false;
      if (isEnd) continue;
      codes[length] = byte;
      length += 1;
    }
  }
  return new TextDecoder('utf-16le').decode(codes.subarray(0, length));
}

/** Header or body without a usable charset: UTF-8 if it can be, else windows-1252. */
function guess(bytes: Uint8Array, notes: ReadingNotes, what: string, says: string): string {
  if (!hasHighBytes(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const utf8 = decodeUtf8(bytes);
  notes.warn(`${what} ${says} but has 8-bit characters; it is read as ${utf8 === null ? 'windows-1252' : 'UTF-8'}.`);
  return utf8 ?? decodeWindows1252(bytes);
}

/** Mostly UTF-8 with some damage keeps its UTF-8; otherwise it never was any. */
function decodeMixed(bytes: Uint8Array): string {
  const lenient = new TextDecoder('utf-8').decode(bytes);
  const broken = lenient.split('\ufffd').length - 1;
  const whole = lenient.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  return broken > whole ? decodeWindows1252(bytes) : lenient;
}

function decoderOf(name: string): TextDecoder | undefined {
  try {
    return new TextDecoder(name, { fatal: true });
  } catch {
    return undefined;
  }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decodeWindows1252(bytes: Uint8Array): string {
  return new TextDecoder('windows-1252').decode(bytes);
}

function hasHighBytes(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte > 127);
}
