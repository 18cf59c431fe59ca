/** Names a stored file. Random, so that it says nothing and cannot be guessed; never shown outside the server. */
export type FileKey = string & { readonly __fileKey: true };

/** What was really written. */
export interface StoredFile {
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The first bytes, from which the type is told. */
  readonly head: Uint8Array;
}

/**
 * Keeps bytes by key. An implementation for another store (S3) keeps the same promises: `write` is all or nothing, and once it resolves the bytes survive a power cut.
 */
export interface FileStore {
  /** A key that is not in use. */
  newKey(): FileKey;
  /**
   * Takes the stream to its end. Throws `files.too-large` past `maxBytes`, and what the stream throws where its sender goes away; then nothing is left.
   */
  write(key: FileKey, body: ReadableStream<Uint8Array>, options: { maxBytes: number }): Promise<StoredFile>;
  /** The bytes. Throws `files.content-missing` where the store lost them. */
  read(key: FileKey): Promise<ReadableStream<Uint8Array>>;
  /** Removes the bytes; nothing happens where there are none. */
  remove(key: FileKey): Promise<void>;
}

/** How many first bytes are kept for telling the type. */
export const HEAD_BYTES = 4096;
