import { BundleRefused } from './bundle-refused.ts';

/** The most that a packed plugin may weigh, all files together. */
export const MAX_BUNDLE_BYTES = 8 * 1024 * 1024;

/** One file of the archive. */
export interface ArchiveFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

// POSIX ustar (IEEE Std 1003.1, pax, "ustar Interchange Format"), without compression: deflate's output differs from one machine to the next,
// and what is not compressed cannot explode.
const BLOCK = 512;
const path = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}$/;
const ascii = new TextEncoder();

function header(name: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string, at: number): void => block.set(ascii.encode(text), at);
  put(name, 0);
  put('0000644\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(`${size.toString(8).padStart(11, '0')}\0`, 124);
  put('00000000000\0', 136);
  put('        ', 148);
  put('0', 156);
  put('ustar\u000000', 257);
  put('0000000\0', 329);
  put('0000000\0', 337);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/**
 * Writes the files one after the other, as they are ordered, without the end mark: the same files are the same bytes on every machine.
 *
 * @throws BundleRefused `bad-path` where a path is not plain
 */
export function writeArchive(files: readonly ArchiveFile[]): Uint8Array {
  const parts = files.flatMap((file) => {
    checkPath(file.path);
    return [header(file.path, file.bytes.length), file.bytes, new Uint8Array(padding(file.bytes.length))];
  });
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Two empty blocks end an archive. */
export const ARCHIVE_END = new Uint8Array(2 * BLOCK);

function checkPath(name: string): void {
  if (name.length > 99 || !path.test(name)) {
    throw new BundleRefused('bad-path', printable(name), 'is no plain relative path of at most 99 characters.');
  }
}

function printable(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}

const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end === -1 ? bytes : bytes.subarray(0, end)));
};

/**
 * Reads an archive that `writeArchive` could have written, and no other: each header has to be, byte for byte, the one that its name and
 * size make, so links, owners, long names and hidden bytes have nowhere to be.
 *
 * @throws BundleRefused
 */
export function readArchive(bytes: Uint8Array): readonly (ArchiveFile & { readonly offset: number })[] {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw new BundleRefused('too-large', 'bundle', `has ${bytes.length} bytes; ${MAX_BUNDLE_BYTES} are allowed.`);
  }
  if (isCompressed(bytes)) throw new BundleRefused('compressed', 'bundle', 'is compressed; a packed plugin never is.');
  const files: (ArchiveFile & { offset: number })[] = [];
  const seen = new Set<string>();
  let at = 0;
  while (at + BLOCK <= bytes.length && bytes[at] !== 0) {
    const file = readFile(bytes, at);
    if (seen.has(file.path.toLowerCase())) throw new BundleRefused('unexpected-file', file.path, 'is there twice.');
    seen.add(file.path.toLowerCase());
    files.push({ ...file, offset: at });
    at += BLOCK + file.bytes.length + padding(file.bytes.length);
  }
  if (files.length === 0) throw new BundleRefused('not-a-bundle', 'bundle', 'is no packed plugin.');
  const isEnd = bytes.length - at === ARCHIVE_END.length && bytes.subarray(at).every((byte) => byte === 0);
  if (!isEnd) throw new BundleRefused('not-canonical', 'bundle', 'does not end where its last file ends.');
  return files;
}

function readFile(bytes: Uint8Array, at: number): ArchiveFile {
  const head = bytes.subarray(at, at + BLOCK);
  if (text(head.subarray(257, 263)) !== 'ustar') {
    throw new BundleRefused('not-a-bundle', 'bundle', 'is no packed plugin.');
  }
  const name = text(head.subarray(0, 100));
  checkPath(name);
  const size = Number.parseInt(text(head.subarray(124, 136)), 8);
  const isWithin = Number.isSafeInteger(size) && size >= 0 && at + BLOCK + size + padding(size) <= bytes.length;
  if (!isWithin) throw new BundleRefused('not-a-bundle', name, 'is longer than the archive.');
  if (!header(name, size).every((byte, index) => byte === head[index])) {
    throw new BundleRefused('not-canonical', name, 'has a header that a packer does not write: links, owners, times.');
  }
  const end = at + BLOCK + size;
  if (bytes.subarray(end, end + padding(size)).some((byte) => byte !== 0)) {
    throw new BundleRefused('not-canonical', name, 'hides bytes behind its end.');
  }
  return { path: name, bytes: bytes.subarray(at + BLOCK, end) };
}

/** gzip, zip, zstd, xz, bzip2 and zlib by their first bytes. */
function isCompressed(bytes: Uint8Array): boolean {
  const magic = [
    [0x1f, 0x8b],
    [0x50, 0x4b],
    [0x28, 0xb5, 0x2f, 0xfd],
    [0xfd, 0x37, 0x7a],
    [0x42, 0x5a, 0x68],
    [0x78, 0x9c],
  ];
  return magic.some((start) => start.every((byte, index) => bytes[index] === byte));
}
