/** Which credential: one of a connection, or one that was made for a scope of it. */
export interface CredentialKey {
  /** The connection's id. */
  readonly connection: string;
  /** The vendor's id of the scope; null for the connection's own (with the scheme `oauth2-code`, the person's consent). */
  readonly scope: string | null;
}

/**
 * Where tokens are kept: sealed in PostgreSQL in the platform, in memory in the acceptance kit. Values are text that only the broker reads.
 * Losing a scope's value costs a new token; losing the connection's own value of `oauth2-code` costs a new consent.
 */
export interface CredentialStore {
  get(key: CredentialKey): Promise<string | null>;
  set(key: CredentialKey, value: string): Promise<void>;
  delete(key: CredentialKey): Promise<void>;
  /**
   * Runs the work while nobody else, in any process, holds the same key: two refreshes at once would burn a refresh token that rotates.
   * What the work writes by `set` must stay even where the work throws afterwards.
   */
  exclusively<T>(key: CredentialKey, work: () => Promise<T>): Promise<T>;
}

/** A store that forgets with its process. */
export class MemoryCredentialStore implements CredentialStore {
  readonly #values = new Map<string, string>();
  readonly #tails = new Map<string, Promise<unknown>>();

  async get(key: CredentialKey): Promise<string | null> {
    return this.#values.get(nameOf(key)) ?? null;
  }

  async set(key: CredentialKey, value: string): Promise<void> {
    this.#values.set(nameOf(key), value);
  }

  async delete(key: CredentialKey): Promise<void> {
    this.#values.delete(nameOf(key));
  }

  async exclusively<T>(key: CredentialKey, work: () => Promise<T>): Promise<T> {
    const name = nameOf(key);
    const before = this.#tails.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(name) === mine) this.#tails.delete(name);
    }
  }
}

function nameOf(key: CredentialKey): string {
  return JSON.stringify([key.connection, key.scope]);
}
