import { readdirSync, readFileSync } from 'node:fs';

/** A raw mail with what must be understood of it; only the fields that it is about. */
export interface CorpusMail {
  readonly id: string;
  readonly why: string;
  /** Lines; each character is the byte of its code. */
  readonly raw: readonly string[];
  /** What ends the lines, if not CRLF. */
  readonly eol?: string;
  readonly expected: Record<string, unknown>;
}

const folder = new URL('../../packages/core/src/platform/mail-reader/corpus/', import.meta.url);

/** The hand-written mails, by what they are about. */
export const corpus: readonly { name: string; mails: readonly CorpusMail[] }[] = readdirSync(folder).map((name) => ({
  name,
  mails: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as CorpusMail[],
}));

/** When they are read. */
export const NOW = Temporal.Instant.from('2026-03-02T12:00:00Z');

export function rawOf(mail: CorpusMail): Buffer {
  return Buffer.from(mail.raw.join(mail.eol ?? '\r\n'), 'latin1');
}
