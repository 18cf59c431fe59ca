/** First bytes and what they begin. Sources: the formats' own specifications; the list is what people attach to tickets. */
const SIGNATURES: readonly { readonly bytes: readonly number[]; readonly at?: number; readonly type: string }[] = [
  { bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], type: 'application/pdf' },
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], type: 'image/png' },
  { bytes: [0xff, 0xd8, 0xff], type: 'image/jpeg' },
  { bytes: [0x47, 0x49, 0x46, 0x38], type: 'image/gif' },
  { bytes: [0x57, 0x45, 0x42, 0x50], at: 8, type: 'image/webp' },
  { bytes: [0x1f, 0x8b], type: 'application/gzip' },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], type: 'application/x-7z-compressed' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], type: 'application/x-ole-storage' },
];

/** Office documents are ZIP files; their ending tells which, and a wrong ending does no harm. */
const ZIP_ENDINGS: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
};

/** What a browser could run; offered as plain bytes. */
const MARKUP = /^(?:\ufeff)?\s*<(?:!doctype|html|head|body|script|svg|\?xml|iframe|img|a\s|!--)/i;

/**
 * The type by what the bytes are, whatever the sender said. Text that could be markup, and anything unknown, is `application/octet-stream`: it can only be
 * saved.
 */
export function contentTypeOf(head: Uint8Array, name: string): string {
  const known = SIGNATURES.find(({ bytes, at = 0 }) => bytes.every((byte, index) => head[at + index] === byte));
  if (known !== undefined) return known.type;
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] ?? 0) < 8)
    return ZIP_ENDINGS[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/zip';
  const text = asText(head);
  if (text === null || MARKUP.test(text)) return 'application/octet-stream';
  return name.toLowerCase().endsWith('.csv') ? 'text/csv' : 'text/plain';
}

function asText(head: Uint8Array): string | null {
  try {
    // `stream` lets a character be cut at the end of the head.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    // oxlint-disable-next-line no-control-regex -- controls are what tells bytes from text
    return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
