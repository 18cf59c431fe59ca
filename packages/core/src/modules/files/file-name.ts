const MAX_NAME = 150;
// Controls; and the marks that turn text around, by which `exe.gpj` can read as `jpg.exe`.
const INVISIBLE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** The name as it may be kept: any text that the database takes. It is shown, and never becomes a path. */
export function originalName(name: string): string {
  return name.toWellFormed().replaceAll('\0', '').slice(0, 255);
}

/** The name that a download is offered under: the last part of a path, without what a file system or a reader could be tricked by; `file` where nothing is left. */
export function downloadName(name: string): string {
  const last = name.toWellFormed().replaceAll(INVISIBLE, '').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replaceAll(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '');
  const short = shorten(plain);
  if (short === '') return 'file';
  return RESERVED.test(short) ? `_${short}` : short;
}

function shorten(name: string): string {
  if (name.length <= MAX_NAME) return name;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  return `${name.slice(0, MAX_NAME - ending.length)}${ending}`.toWellFormed();
}
