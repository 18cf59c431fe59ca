import sanitize from 'sanitize-html';
import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { SAFE_HTML, withinLimits } from '../mail-reader/body/html-body.ts';
import { textOfHtml } from '../mail-reader/body/html-text.ts';
import { ReadingNotes } from '../mail-reader/reading-notes.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const ATTACHMENT = new RegExp(`^attachment:(${UUID})$`, 'i');
const MENTION = new RegExp(`^${UUID}$`, 'i');
/** An editor puts paragraphs into items; the text of an item begins on the line of its dash. */
const ITEM = /<li>\s*<p>((?:(?!<\/?p>).)*)<\/p>/gs;
const RASTER = /^data:image\/(?:png|gif|jpe?g|webp);base64,[a-z0-9+/=\s]+$/i;

/** HTML as an editor or a mail brings it, before it is made safe; longer than any text that a person writes, and than an image that is pasted small. */
export const richHtmlSchema = z
  .string()
  .max(400_000, { error: 'must have at most 400000 characters' })
  .refine((value) => !value.includes('\0') && value.isWellFormed(), {
    error: 'must not contain a NUL character or an unpaired surrogate',
  });

/** Formatted text that may be stored, mailed and shown: nothing in it runs, loads from elsewhere or covers what is around it. */
export interface RichText {
  readonly html: string;
  /** The same as a person would type it. */
  readonly text: string;
  /** Ids of the stored files that it shows as images, each once. */
  readonly fileIds: readonly string[];
  /** Ids of the staff whom it names, each once. */
  readonly mentionIds: readonly string[];
}

/**
 * The safe subset of what somebody wrote: text, lists, tables, links, code, images that are stored files (`<img src="attachment:<file id>">`) or small data, and mentions
 * (`<span data-mention="<staff id>">`). A remote image becomes a link to it. Never throws; what is not in the subset is left out.
 */
export function makeRichText(source: string): RichText {
  const fileIds = new Set<string>();
  const mentionIds = new Set<string>();
  const attributes = SAFE_HTML.allowedAttributes;
  const html = sanitize(withinLimits(source, new ReadingNotes()), {
    ...SAFE_HTML,
    allowedAttributes: {
      ...(typeof attributes === 'object' ? attributes : {}),
      span: ['data-mention'],
      code: ['class'],
    },
    allowedClasses: { code: [/^language-[a-z0-9+#-]{1,20}$/] },
    allowedSchemesByTag: { img: ['attachment', 'data'] },
    transformTags: {
      a: (tagName, { href = '', title }) => ({
        tagName,
        attribs: {
          ...(/^\s*(?:https?|mailto|tel):/i.test(href) ? { href } : {}),
          ...(title === undefined ? {} : { title }),
          rel: 'noopener noreferrer nofollow',
          target: '_blank',
        },
      }),
      img: (tagName, { src = '', alt = '', width, height }) => {
        const plain = src.trim();
        const [, fileId] = ATTACHMENT.exec(plain) ?? [];
        const size = { ...numeric('width', width), ...numeric('height', height) };
        if (fileId !== undefined) {
          fileIds.add(fileId.toLowerCase());
          return { tagName, attribs: { src: `attachment:${fileId.toLowerCase()}`, alt, ...size } };
        }
        if (RASTER.test(plain)) return { tagName, attribs: { src: plain, alt, ...size } };
        return remoteImage(plain, alt);
      },
      span: (tagName, { style, ...given }) => {
        const id = given['data-mention'] ?? '';
        if (!MENTION.test(id)) return { tagName, attribs: style === undefined ? {} : { style } };
        mentionIds.add(id.toLowerCase());
        return { tagName, attribs: { 'data-mention': id.toLowerCase() } };
      },
    },
  }).trim();
  return {
    html,
    text: textOfHtml(html.replaceAll(ITEM, '<li>$1')),
    fileIds: [...fileIds],
    mentionIds: [...mentionIds],
  };
}

/** Plain text as safe HTML with the same lines. */
export function htmlOfText(plain: string): string {
  return plain
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br />')}</p>`)
    .join('');
}

/** Text as HTML shows it, whatever letters it holds. */
export function escapeHtml(plain: string): string {
  return plain
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Throws `code` where rich text holds neither words nor an image, or more words than `max`. The error names `html`. */
export function assertWritten(rich: RichText, code: string, max: number): void {
  const problem =
    rich.text === '' && rich.fileIds.length === 0 && !rich.html.includes('<img')
      ? 'must not be empty'
      : rich.text.length > max
        ? `must have at most ${max} characters of text`
        : null;
  if (problem !== null)
    throw new InvalidInputError(code, `The text ${problem}.`, { fields: [{ path: ['html'], message: problem }] });
}

/** Loading it would tell somebody that the text was read; following a link is the reader's own choice. */
function remoteImage(source: string, alt: string): sanitize.Tag {
  const url = URL.parse(source.startsWith('//') ? `https:${source}` : source);
  if (url === null || !/^https?:$/.test(url.protocol)) return { tagName: 'span', attribs: {}, text: alt };
  const attribs = { href: url.href, rel: 'noopener noreferrer nofollow', target: '_blank' };
  return { tagName: 'a', attribs, text: alt === '' ? `Image at ${url.host}` : `Image: ${alt}` };
}

function numeric(name: string, value: string | undefined): Record<string, string> {
  return value !== undefined && /^\d{1,4}$/.test(value) ? { [name]: value } : {};
}
