import { textOfHtml } from './body/html-text.ts';
import type { HeaderFields } from './header/header-fields.ts';
import type { AttachmentReading, MailReading } from './mail-reading.ts';
import { readOpened } from './read-mail.ts';
import { splitHtml } from './words/split-html.ts';
import { splitText } from './words/split-text.ts';

/** A file of a mail whose content is decoded when it is asked for, each time anew. */
export interface MailFile extends AttachmentReading {
  readonly open: () => Uint8Array;
}

/** What a mail says, for putting it somewhere. What its sender wrote now is `body` and `html`; what it quotes, and signatures, are folded. Nothing is in both or in neither. */
export interface MailContent {
  /** As `readMail` gives it, but for text and HTML, which are below. */
  readonly reading: Omit<MailReading, 'text' | 'html'>;
  readonly fields: HeaderFields;
  readonly body: string;
  /** A safe subset; images of the mail are `cid:<content id>`. */
  readonly html: string | null;
  readonly foldedText: string | null;
  readonly foldedHtml: string | null;
  /** Also images that were written into the HTML. */
  readonly files: readonly MailFile[];
}

/** What programs put before the subject of a mail that they pass on, in English, German, French, Spanish and others. */
const FORWARD = /^\s*(?:fwd?|wg|tr|rv|i)\s*:/i;
const DATA_IMAGE = /src="data:image\/(png|gif|jpe?g|webp);base64,([^"]+)"/gi;
const MAX_DATA_IMAGES = 50;

/** Reads a mail and splits its words. Never throws, as `readMail`. */
export function readMailContent(raw: Uint8Array, now: Temporal.Instant): MailContent {
  const { reading, fields, openers } = readOpened(raw, now, true);
  const { text, html: markedHtml, ...rest } = reading;
  const mail = { isForward: FORWARD.test(reading.subject ?? '') };
  const files = reading.attachments.flatMap((attachment, at) => {
    const open = openers[at];
    return open === undefined ? [] : [{ ...attachment, open }];
  });
  if (markedHtml === null) {
    const { visible, folded } = splitText(text, mail);
    return { reading: rest, fields, body: visible, html: null, foldedText: folded, foldedHtml: null, files };
  }
  const images = takeDataImages(markedHtml);
  const { visible, folded } = splitHtml(images.html, mail);
  return {
    reading: rest,
    fields,
    body: textOfHtml(visible),
    html: visible,
    foldedText: folded === null ? null : textOfHtml(folded),
    foldedHtml: folded,
    files: [...files, ...images.files],
  };
}

/** The HTML with each image of the mail under the address that `addressOf` gives for its content id; without it where that is null. */
export function withImages(html: string, addressOf: (contentId: string) => string | null): string {
  return html.replaceAll(/ src="cid:([^"]{1,2000})"/g, (_, id: string) => {
    const address = addressOf(decodedId(id.replaceAll('&amp;', '&')));
    return address === null ? '' : ` src="${address}"`;
  });
}

function decodedId(id: string): string {
  try {
    return decodeURI(id);
  } catch {
    return id;
  }
}

/** Images that are written into the HTML become files like others. */
function takeDataImages(html: string): { html: string; files: MailFile[] } {
  const files: MailFile[] = [];
  const without = html.replaceAll(DATA_IMAGE, (_, kind: string, data: string) => {
    if (files.length >= MAX_DATA_IMAGES) return 'src=""';
    const number = files.length + 1;
    const contentId = `data-image-${number}@bailiwick.invalid`;
    const bytes = Buffer.from(data, 'base64');
    const ending = kind.toLowerCase() === 'jpeg' ? 'jpg' : kind.toLowerCase();
    files.push({
      name: `image-${number}.${ending}`,
      type: `image/${kind.toLowerCase()}`,
      sizeBytes: bytes.length,
      inline: true,
      contentId,
      open: () => bytes,
    });
    return `src="cid:${contentId}"`;
  });
  return { html: without, files };
}
