import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { InvalidInputError, NotFoundError, UnavailableError } from '#kernel/errors';
import { HEAD_BYTES, type FileKey, type FileStore, type StoredFile } from './file-store.ts';

const KEY = /^[0-9a-f]{40}$/;

/** Files in a folder: `<folder>/ab/abcd….bin`, written beside as `.part` and renamed when whole. */
export class DiskFileStore implements FileStore {
  readonly #folder: string;

  constructor(options: { folder: string }) {
    this.#folder = options.folder;
  }

  newKey(): FileKey {
    return randomBytes(20).toString('hex') as FileKey;
  }

  async write(key: FileKey, body: ReadableStream<Uint8Array>, options: { maxBytes: number }): Promise<StoredFile> {
    const path = this.#pathOf(key);
    const partial = `${path}.part`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      const file = await open(partial, 'wx', 0o600);
      let stored: StoredFile;
      try {
        stored = await pour(body, file, options.maxBytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, path);
      await syncFolder(dirname(path));
      return stored;
    } catch (error) {
      await rm(partial, { force: true });
      throw diskProblem(error);
    }
  }

  async read(key: FileKey): Promise<ReadableStream<Uint8Array>> {
    const path = this.#pathOf(key);
    await access(path).catch((cause: unknown) => {
      throw new NotFoundError('files.content-missing', 'The content of this file is no longer in the store.', {
        cause,
      });
    });
    return Readable.toWeb(createReadStream(path)) as unknown as ReadableStream<Uint8Array>;
  }

  async remove(key: FileKey): Promise<void> {
    const path = this.#pathOf(key);
    await rm(path, { force: true });
    await rm(`${path}.part`, { force: true });
  }

  #pathOf(key: FileKey): string {
    if (!KEY.test(key)) throw new TypeError('A file is named by its key only.');
    return join(this.#folder, key.slice(0, 2), `${key}.bin`);
  }
}

async function pour(body: ReadableStream<Uint8Array>, file: FileHandle, maxBytes: number): Promise<StoredFile> {
  const hash = createHash('sha256');
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let sizeBytes = 0;
  // Leaving the loop early cancels the stream, so that a sender of too much is not read to the end.
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes)
      throw new InvalidInputError(
        'files.too-large',
        `The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`,
        {
          fields: [{ path: ['body'], message: `must have at most ${maxBytes} bytes` }],
        },
      );
    if (headBytes < HEAD_BYTES) {
      head.push(chunk.slice(0, HEAD_BYTES - headBytes));
      headBytes += Math.min(chunk.byteLength, HEAD_BYTES - headBytes);
    }
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return { sizeBytes, sha256: hash.digest('hex'), head: Buffer.concat(head) };
}

/** A rename is on disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function diskProblem(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UnavailableError('files.disk-full', 'The server has no room left for files. Nothing was stored.', {
      cause: error,
    });
  return error;
}
