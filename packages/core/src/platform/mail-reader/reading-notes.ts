import { MAIL_LIMITS } from './mail-limits.ts';

/** Collects what is said about a mail, each thing once and not without end: a mail with 100,000 faults is told by its first ones. */
export class ReadingNotes {
  readonly #warnings = new Set<string>();
  readonly #why = new Set<string>();

  warn(text: string): void {
    add(this.#warnings, text);
  }

  because(text: string): void {
    add(this.#why, text);
  }

  get warnings(): string[] {
    return [...this.#warnings];
  }

  get why(): string[] {
    return [...this.#why];
  }
}

function add(notes: Set<string>, text: string): void {
  if (notes.size < MAIL_LIMITS.notes) notes.add(text);
  else notes.add('There is more of this kind than is told here.');
}

/** Text from a mail, short and on one line, for a note. */
export function quoted(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  return `“${line.length > 80 ? `${line.slice(0, 79).toWellFormed()}…` : line}”`;
}
