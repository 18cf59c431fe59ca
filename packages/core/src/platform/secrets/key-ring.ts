import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { UnavailableError } from '#kernel/errors';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A key with its public name, from which nothing of the key follows. */
export interface NamedKey {
  readonly id: string;
  readonly key: Buffer;
}

/** The keys of an install: the one that wraps, and those before it, which only unwrap until everything is wrapped anew. */
export class KeyRing {
  readonly current: NamedKey;
  readonly #known: ReadonlyMap<string, NamedKey>;

  constructor(current: Buffer, previous: readonly Buffer[] = []) {
    this.current = named(current);
    this.#known = new Map([...previous.map(named), this.current].map((key) => [key.id, key]));
  }

  /** The key of that name. Throws `secrets.unknown-key`. */
  byId(id: string): NamedKey {
    const key = this.#known.get(id);
    if (key === undefined)
      throw new UnavailableError(
        'secrets.unknown-key',
        `A secret was written under the key ${id}, which this process does not have. Set BAILIWICK_SECRET_KEY to it, or BAILIWICK_SECRET_KEY_PREVIOUS while you change keys.`,
      );
    return key;
  }

  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** A key for one purpose, derived from the current one (HKDF, RFC 5869), so that no two uses share a key. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.current.key, Buffer.alloc(0), `bailiwick ${purpose}`, 32));
  }
}

function named(key: Buffer): NamedKey {
  if (key.length !== 32) throw new TypeError('A secret key has 32 bytes.');
  return { id: createHmac('sha256', key).update('bailiwick key id').digest('hex').slice(0, 16), key };
}

/** AES-256-GCM: iv, tag, ciphertext. `context` is authenticated and must be the same when it is opened. */
export function encrypt(key: Buffer, plaintext: Buffer, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Undoes `encrypt`. Throws `secrets.not-authentic` for anything altered, cut, or moved to another context. */
export function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new UnavailableError(
      'secrets.not-authentic',
      'A stored secret cannot be opened: it was altered, moved, or written under another key.',
      { cause: error },
    );
  }
}
