import { quoted, type ReadingNotes } from '../reading-notes.ts';

const MAX_NAME = 200;

/** A file's name that can be shown and offered: no path, no control or direction-changing characters, not longer than a file system takes. Null where nothing is left. */
export function fileNameOf(written: string | undefined, notes: ReadingNotes): string | null {
  if (written === undefined || written.trim() === '') return null;
  const plain = written
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, '')
    .trim();
  const last = plain.split(/[\\/]/).at(-1)?.trim() ?? '';
  const short = shorten(/^\.{1,2}$/.test(last) ? '' : last);
  if (short !== written.trim()) notes.warn(`The file name ${quoted(written)} is shown as ${quoted(short)}.`);
  return short === '' ? null : short;
}

/** Keeps the ending, by which people and programs tell what a file is. */
function shorten(name: string): string {
  if (name.length <= MAX_NAME) return name;
  const ending = /\.[^.]{1,10}$/.exec(name)?.[0] ?? '';
  return `${name.slice(0, MAX_NAME - ending.length)}${ending}`.toWellFormed();
}
