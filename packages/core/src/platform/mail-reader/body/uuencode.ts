/** A file that was written into the text, as before MIME. */
export interface UuencodedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Decodes it. */
  readonly content: () => Uint8Array;
}

const BEGIN = /^begin(?:-base64)? [0-7]{3,4} (\S.{0,200})$/;

/** Takes uuencoded files out of a text. What begins like one and has no end stays text. */
export function takeUuencoded(text: string): { text: string; files: UuencodedFile[] } {
  if (!/^begin(?:-base64)? [0-7]{3,4} /m.test(text)) return { text, files: [] };
  const lines = text.split('\n');
  // Looked up once from the end, so that a text of nothing but beginnings is not searched through for each of them.
  const lastEnd = lines.findLastIndex((line) => /^(?:end|====)\s*$/.test(line));
  const kept: string[] = [];
  const files: UuencodedFile[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const name = at < lastEnd ? BEGIN.exec(lines[at]?.trimEnd() ?? '')?.[1] : undefined;
    const file = name === undefined ? null : readFile(lines, at + 1);
    if (name === undefined || file === null) kept.push(lines[at] ?? '');
    else {
      const [from, end] = [at + 1, file.end];
      files.push({ name, sizeBytes: file.sizeBytes, content: () => decode(lines.slice(from, end)) });
      at = file.end;
    }
  }
  return { text: kept.join('\n'), files };
}

function decode(lines: readonly string[]): Uint8Array {
  return Buffer.concat(
    lines.map((line) => {
      const length = (line.charCodeAt(0) - 32) & 63;
      const bytes = Buffer.alloc(Math.ceil(length / 3) * 3);
      for (let at = 0; at < bytes.length; at += 3) {
        const place = 1 + (at / 3) * 4;
        const [a, b, c, d] = [0, 1, 2, 3].map((next) => ((line.charCodeAt(place + next) || 32) - 32) & 63) as [
          number,
          number,
          number,
          number,
        ];
        bytes[at] = (a << 2) | (b >> 4);
        bytes[at + 1] = ((b << 4) | (c >> 2)) & 255;
        bytes[at + 2] = ((c << 6) | d) & 255;
      }
      return line === '' || line === '`' ? Buffer.alloc(0) : bytes.subarray(0, length);
    }),
  );
}

/** The length of each line is its first character; a line that does not keep to it ends the attempt. */
function readFile(lines: readonly string[], from: number): { sizeBytes: number; end: number } | null {
  let sizeBytes = 0;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at]?.replace(/\r$/, '') ?? '';
    if (line.trim() === 'end') return { sizeBytes, end: at };
    if (line === '' || line === '`') continue;
    const length = (line.charCodeAt(0) - 32) & 63;
    // Spaces at the end are often lost on the way, and some programs add a check character.
    if (/[^\x20-\x60]/.test(line) || line.length > 1 + Math.ceil(length / 3) * 4 + 2) return null;
    sizeBytes += length;
  }
  return null;
}
