import { MAIL_LIMITS } from '../mail-limits.ts';
import type { MailAddress } from '../mail-reading.ts';
import { quoted, type ReadingNotes } from '../reading-notes.ts';
import { readableField } from './header-fields.ts';

/** Local part and domain without what would make two addresses of one, or none; an address literal in brackets is one. */
const ADDRESS = /^([^\s@<>(),;:\\"[\]]{1,128}|"[^"]{1,128}")@([^\s@<>(),;:\\"[\]]{1,255}|\[[0-9a-f.:]{1,60}\])$/i;

/** One mailbox as it was written, in parts. */
interface Draft {
  phrase: string;
  angle: string | null;
  comment: string;
}

/**
 * The addresses of fields such as `To`, groups taken apart, at most `MAIL_LIMITS.recipients` of them. What is no address is left out, with a warning. Several
 * fields of one name count as one.
 */
export function readAddresses(values: readonly string[], notes: ReadingNotes, what: string): MailAddress[] {
  const found: MailAddress[] = [];
  let count = 0;
  for (const value of values) {
    for (const draft of splitMailboxes(value, notes, what)) {
      count += 1;
      if (count > MAIL_LIMITS.recipients) continue;
      const address = toAddress(draft, notes, what);
      if (address !== null) found.push(address);
    }
  }
  if (count > MAIL_LIMITS.recipients)
    notes.warn(`${what} names ${count} addresses; the first ${MAIL_LIMITS.recipients} are read.`);
  return found;
}

function toAddress(draft: Draft, notes: ReadingNotes, what: string): MailAddress | null {
  const written = (draft.angle ?? draft.phrase).trim();
  // A source route before the address is obsolete since RFC 1123.
  const bare = readableField(written.replace(/^@[^:]*:/, '').replaceAll(/\s*([@.])\s*/g, '$1'), notes, what);
  const match = ADDRESS.exec(bare.replace(/^mailto:/i, ''));
  if (match === null) {
    notes.warn(`${what} has ${quoted(written)}, which is no address.`);
    return null;
  }
  const address = `${match[1]}@${(match[2] ?? '').toLowerCase()}`;
  const name = readableField(draft.angle === null ? draft.comment : draft.phrase.trim() || draft.comment, notes, what);
  const plain = name
    .replace(/^'(.*)'$/s, '$1')
    .slice(0, 200)
    .toWellFormed();
  const other = /[^\s<>"'(),;:]{1,64}@[a-z0-9-]{1,63}\.[a-z0-9.-]{1,190}/i.exec(plain)?.[0];
  if (other !== undefined && other.toLowerCase() !== address.toLowerCase())
    notes.warn(`${what} shows the address ${quoted(other)} as the name of ${address}.`);
  return { address, name: plain === '' || plain.toLowerCase() === address.toLowerCase() ? null : plain };
}

function splitMailboxes(value: string, notes: ReadingNotes, what: string): Draft[] {
  const splitter = new MailboxSplitter();
  if (splitter.read(value, true)) return splitter.drafts;
  notes.warn(`${what} has a quotation or bracket without an end.`);
  const lenient = new MailboxSplitter();
  lenient.read(value, false);
  return lenient.drafts;
}

class MailboxSplitter {
  drafts: Draft[] = [];
  #draft: Draft = { phrase: '', angle: null, comment: '' };
  #isQuoted = false;
  #isAngle = false;
  #comments = 0;

  /** False where a quotation, a comment or a bracket does not end. Without quotes, all three are plain text but for `<` and `>`. */
  read(value: string, hasQuotes: boolean): boolean {
    for (let at = 0; at < value.length; at += 1) {
      const letter = value[at] ?? '';
      if (hasQuotes && letter === '\\' && (this.#isQuoted || this.#comments > 0)) {
        at += 1;
        this.#add(value[at] ?? '');
      } else if (hasQuotes && this.#takesMark(letter)) continue;
      else this.#take(letter);
    }
    const isWhole = !this.#isQuoted && !this.#isAngle && this.#comments === 0;
    this.#end();
    return isWhole;
  }

  #takesMark(letter: string): boolean {
    if (this.#isQuoted || (letter === '"' && this.#comments === 0)) {
      if (letter !== '"') return false;
      this.#isQuoted = !this.#isQuoted;
      // A quoted local part keeps its quotes: they are part of the address.
      if (this.#isAngle) this.#add('"');
      return true;
    }
    if (letter === '(') this.#comments += 1;
    else if (letter === ')' && this.#comments > 0) this.#comments -= 1;
    else return false;
    return true;
  }

  #take(letter: string): void {
    if (this.#isQuoted || this.#comments > 0) this.#add(letter);
    else if (letter === '<') {
      this.#isAngle = true;
      this.#draft.angle = '';
    } else if (letter === '>') this.#isAngle = false;
    else if (letter === ';' || (letter === ',' && !this.#isAngle)) this.#end();
    // A group's name, or a scheme such as mailto:.
    else if (letter === ':' && !this.#isAngle && !this.#draft.phrase.includes('@')) this.#draft.phrase = '';
    else this.#add(letter);
  }

  #add(letter: string): void {
    if (this.#comments > 0) this.#draft.comment += letter;
    else if (this.#isAngle) this.#draft.angle = (this.#draft.angle ?? '') + letter;
    else this.#draft.phrase += letter;
  }

  #end(): void {
    if (this.#draft.angle !== null || this.#draft.phrase.trim() !== '') this.drafts.push(this.#draft);
    this.#draft = { phrase: '', angle: null, comment: '' };
    this.#isAngle = false;
  }
}
