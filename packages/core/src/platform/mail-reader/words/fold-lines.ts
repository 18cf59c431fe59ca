import { attributionAt, FORWARDED, headerBlockAt, isMobileSignature, ORIGINAL_MESSAGE, RULE } from './quote-marks.ts';

/** What a mail program said of a piece of its HTML: a quotation, the line above one, the place from which on all is quoted, a signature. */
export type Mark = 'quote' | 'attribution' | 'rest' | 'signature';

/** A line as a reader sees it. */
export interface WordLine {
  readonly text: string;
  readonly mark: Mark | null;
  /** True for what is shown without words, such as an image. */
  readonly isPicture?: boolean;
}

type Kind = 'own' | 'quote' | 'attribution' | 'signature';

/** A signature is short; a longer text below two dashes is somebody's words. */
const MAX_SIGNATURE_LINES = 20;

/**
 * Which lines of a mail are folded away: earlier mails that it quotes, and signatures. What somebody wrote between quotations stays, together with the quotations before it; a mail that has no words
 * of its own, and one that forwards another, stays whole.
 */
export function foldLines(lines: readonly WordLine[], mail: { readonly isForward: boolean }): boolean[] {
  const kinds = markedKinds(lines, mail.isForward);
  markTextQuotes(lines, kinds, mail.isForward);
  markSignatures(lines, kinds);
  unfoldAnswered(lines, kinds);
  const hasOwn = lines.some((line, at) => kinds[at] === 'own' && isSeen(line));
  return kinds.map((kind) => hasOwn && kind !== 'own');
}

function markedKinds(lines: readonly WordLine[], isForward: boolean): Kind[] {
  let isRest = false;
  return lines.map(({ mark }) => {
    if (mark === 'rest' && !isForward) isRest = true;
    if (isRest) return 'quote';
    return mark === null || mark === 'rest' ? 'own' : mark;
  });
}

function markTextQuotes(lines: readonly WordLine[], kinds: Kind[], isForward: boolean): void {
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at]?.text.trim() ?? '';
    if (FORWARDED.test(text)) {
      kinds.fill('own', at);
      return;
    }
    if (text.startsWith('>') && kinds[at] === 'own') kinds[at] = 'quote';
    if (kinds[at] !== 'own' || text === '') continue;
    if (ORIGINAL_MESSAGE.test(text) || headerBlockAt(lines, at)) {
      if (isForward) return;
      kinds.fill('quote', startOfRule(lines, at));
      return;
    }
    const length = attributionAt(lines, at);
    if (length === 0) continue;
    const next = nextSeen(lines, at + length);
    kinds.fill('attribution', at, at + length);
    // Programs that mark nothing put the earlier mail below the line that names its author.
    if (next !== -1 && kinds[next] === 'own' && !(lines[next]?.text.trim().startsWith('>') ?? false)) {
      kinds.fill('quote', at + length);
      return;
    }
    at += length - 1;
  }
}

/** A line of underscores or dashes above belongs to what it sets apart. */
function startOfRule(lines: readonly WordLine[], at: number): number {
  for (let above = at - 1; above >= Math.max(0, at - 3); above -= 1) {
    const text = lines[above]?.text.trim() ?? '';
    if (RULE.test(text)) return above;
    if (text !== '') break;
  }
  return at;
}

function markSignatures(lines: readonly WordLine[], kinds: Kind[]): void {
  for (let at = 0; at < lines.length; at += 1) {
    if (kinds[at] !== 'own' || !/^--\s*$/.test(lines[at]?.text ?? '')) continue;
    let end = at;
    while (end < lines.length && kinds[end] === 'own') end += 1;
    const isShort = lines.slice(at, end).filter(isSeen).length <= MAX_SIGNATURE_LINES;
    const isLast = lines.slice(end).every((line, index) => kinds[end + index] !== 'own' || !isSeen(line));
    if (isShort && isLast) kinds.fill('signature', at, end);
  }
  // What a telephone adds is one line, or two, at the end of what was written.
  for (let tries = 0; tries < 2; tries += 1) {
    const last = lines.findLastIndex((line, at) => kinds[at] === 'own' && isSeen(line));
    if (last === -1 || !isMobileSignature(lines[last]?.text ?? '')) return;
    kinds[last] = 'signature';
  }
}

/** Whoever answers below each piece of a quotation means to be read together with it. A quotation that stands above all of the answer is folded still. */
function unfoldAnswered(lines: readonly WordLine[], kinds: Kind[]): void {
  const lastOwn = lines.findLastIndex((line, at) => kinds[at] === 'own' && isSeen(line));
  const firstOwn = lines.findIndex((line, at) => kinds[at] === 'own' && isSeen(line));
  const isQuoted = (at: number): boolean => kinds[at] === 'quote' || kinds[at] === 'attribution';
  const isAnsweredBelow = !lines.some((line, at) => at > firstOwn && at < lastOwn && isQuoted(at) && isSeen(line));
  for (let at = 0; at < lastOwn; at += 1) if (isQuoted(at) && !(isAnsweredBelow && at < firstOwn)) kinds[at] = 'own';
}

function nextSeen(lines: readonly WordLine[], from: number): number {
  return lines.findIndex((line, at) => at >= from && isSeen(line));
}

function isSeen(line: WordLine): boolean {
  return line.isPicture === true || line.text.trim() !== '';
}
