/** Text of a part or of several; HTML as the sender wrote it. */
export interface Content {
  readonly text: string | null;
  readonly html: string | null;
}

export const NOTHING: Content = { text: null, html: null };

export function isEmpty({ text, html }: Content): boolean {
  return (text ?? '').trim() === '' && html === null;
}

/** One after the other. Where one of them has HTML, the others' text becomes HTML too; where all have text, that is kept. */
export function combine(contents: readonly Content[]): Content {
  const full = contents.filter((one) => one.text !== null || one.html !== null);
  const [only, second] = full;
  if (only === undefined) return NOTHING;
  if (second === undefined) return only;
  const html = full.some((one) => one.html !== null)
    ? full.map((one) => one.html ?? asHtml(one.text ?? '')).join('\n')
    : null;
  // Where some of it has no text of its own, all of it is made from the HTML.
  const text = full.some((one) => one.text === null) ? null : full.map((one) => one.text ?? '');
  return { text: text?.filter((one) => one.trim() !== '').join('\n\n') ?? null, html };
}

function asHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<div>${escaped.replaceAll('\n', '<br>')}</div>`;
}

/** What HTML says of its own charset, in its first bytes. */
export function metaCharset(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2048)).toString('latin1');
  return /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:.-]{1,40})/i.exec(head)?.[1] ?? '';
}

/** RFC 1896: `<bold>` and such; two less-than signs stand for one. */
export function withoutCommands(text: string): string {
  return text
    .replaceAll(/<param>[^<]*<\/param>/gi, '')
    .replaceAll('<<', '\0')
    .replaceAll(/<\/?[a-z0-9-]{1,60}>/gi, '')
    .replaceAll('\0', '<');
}
