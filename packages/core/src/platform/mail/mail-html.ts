import sanitize from 'sanitize-html';
import { SAFE_HTML } from '../mail-reader/body/html-body.ts';
import type { MailAttachment } from './mail.ts';

const ATTACHMENT = /^attachment:([0-9a-f-]{36})$/i;
const RASTER = /^data:(image\/(?:png|gif|jpe?g|webp));base64,([a-z0-9+/=\s]+)$/i;
/** As many as one paste of a long page brings; each is a part of the mail. */
const MAX_EMBEDDED = 50;
/** What every mail program shows within text. */
const SHOWN = /^image\/(?:png|gif|jpe?g|webp)$/i;

/** Rich text as it leaves in a mail. */
export interface MailHtml {
  readonly html: string;
  /** Images that were written into the text, which programs such as Gmail and Outlook show only as parts of the mail. */
  readonly embedded: readonly MailAttachment[];
}

/** True for a type that a mail may show within its text; all others travel beside it. */
export function isShownInMail(contentType: string): boolean {
  return SHOWN.test(contentType);
}

/** The ids of the stored files that rich text shows, in lower case. */
export function fileIdsShownIn(html: string): string[] {
  return [...html.matchAll(/ src="attachment:([0-9a-f-]{36})"/gi)].map(([, id]) => (id ?? '').toLowerCase());
}

/** By which the HTML of a mail names a stored file that travels with it. */
export function contentIdOf(fileId: string): string {
  return `${fileId}@bailiwick`;
}

/**
 * Rich text (`makeRichText`) as a mail carries it: stored images in `carried` (lower-case ids of files) and images within the text become `cid:` parts, of the
 * latter at most `maxBytes` together; an image that does not travel leaves its description. What only the desk understands, such as who is mentioned, is left out.
 */
export function makeMailHtml(
  source: string,
  { carried, maxBytes }: { carried: ReadonlySet<string>; maxBytes: number },
): MailHtml {
  const embedded: MailAttachment[] = [];
  let left = maxBytes;
  const embed = (contentType: string, data: string): string | null => {
    const content = Buffer.from(data, 'base64');
    if (embedded.length >= MAX_EMBEDDED || content.length === 0 || content.length > left) return null;
    left -= content.length;
    const type = contentType.toLowerCase().replace('image/jpg', 'image/jpeg');
    const number = embedded.length + 1;
    const contentId = contentIdOf(`image-${number}`);
    embedded.push({
      fileName: `image-${number}.${type.slice('image/'.length)}`,
      contentType: type,
      content,
      contentId,
    });
    return contentId;
  };
  const html = sanitize(source, {
    ...SAFE_HTML,
    transformTags: {
      img: (tagName, { src = '', alt = '', width, height }) => {
        const [, fileId = ''] = ATTACHMENT.exec(src) ?? [];
        const [, type = '', data = ''] = RASTER.exec(src) ?? [];
        const contentId = carried.has(fileId.toLowerCase())
          ? contentIdOf(fileId.toLowerCase())
          : type === ''
            ? null
            : embed(type, data);
        if (contentId === null) return { tagName: 'span', attribs: {}, text: alt === '' ? '[image]' : `[${alt}]` };
        const size = { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
        return { tagName, attribs: { src: `cid:${contentId}`, alt, ...size } };
      },
    },
  });
  return { html, embedded };
}
