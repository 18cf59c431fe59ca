import type { Mark } from './fold-lines.ts';

/** The attribute by which a mark travels through the sanitiser; it never leaves the reader. */
export const MARK = 'data-mark';

/** By class or id, where Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Proton, Tuta and Zoho say what a piece is. `x_` is put before by Outlook on the web when it quotes. */
const NAMES: readonly (readonly [Mark, RegExp])[] = [
  [
    'signature',
    /^(?:x_)*(?:gmail_signature|moz-signature|apple-mail-signature|applemailsignature|signature|ms-outlook-mobile-signature|protonmail_signature_block|tutanota_signature|yahoo-signature)$/,
  ],
  ['attribution', /^(?:x_)*(?:gmail_attr|moz-cite-prefix|yahoo-quoted-begin)$/],
  [
    'rest',
    /^(?:x_)*(?:divrplyfwdmsg|appendonsend|mail-editor-reference-message-container|outlookmessageheader|ms-outlook-mobile-body-separator-line|stopspelling)$/,
  ],
  ['quote', /^(?:x_)*(?:yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra)$/],
];
/** Outlook for Windows draws a thin line above the earlier mail’s header. */
const OUTLOOK_LINE = /border:\s?none;\s?border-top:\s?solid #(?:e1e1e1|b5c4df|b5c4df) 1(?:\.0)?pt/i;

/** What a mail program's own markup says of an element; null where it says nothing. */
export function markOf(tagName: string, attributes: Readonly<Record<string, string>>): Mark | null {
  const names = `${attributes['class'] ?? ''} ${attributes['id'] ?? ''}`.slice(0, 500).toLowerCase().split(/\s+/);
  for (const [mark, pattern] of NAMES) if (names.some((name) => pattern.test(name))) return mark;
  if (tagName === 'blockquote') {
    const isCite =
      attributes['type']?.toLowerCase() === 'cite' || names.some((name) => /^(?:x_)*gmail_quote/.test(name));
    if (isCite) return 'quote';
  }
  if (tagName === 'div' && OUTLOOK_LINE.test((attributes['style'] ?? '').slice(0, 500))) return 'rest';
  return null;
}
