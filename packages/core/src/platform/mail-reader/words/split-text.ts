import { foldLines } from './fold-lines.ts';

/** The words of a mail, and what is folded away of it: each in the order of the mail, and nothing in both or in neither. */
export interface SplitWords {
  readonly visible: string;
  readonly folded: string | null;
}

/** Splits plain text. */
export function splitText(text: string, mail: { readonly isForward: boolean }): SplitWords {
  const lines = text.split('\n');
  const isFolded = foldLines(
    lines.map((line) => ({ text: line, mark: null })),
    mail,
  );
  const pick = (folded: boolean): string =>
    lines
      .filter((_, at) => (isFolded[at] ?? false) === folded)
      .join('\n')
      .replace(/^(?:[ \t]*\n)+/, '')
      .trimEnd();
  const folded = pick(true);
  return { visible: pick(false), folded: folded === '' ? null : folded };
}
