import type { CredentialKey, CredentialStore } from '@bailiwick/plugin-runtime';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ConnectionSecrets, SecretOwner } from './connection-secrets.ts';

/** Locks that may wait for a vendor at once: each holds a database connection, and the work under it needs another. */
const MAX_HELD = 3;

/** The tokens of one connection, sealed in PostgreSQL, so that all processes share them and a restart costs no sign-in. */
export class TokenStore implements CredentialStore {
  readonly #db: ScopedDb;
  readonly #secrets: ConnectionSecrets;
  readonly #scope: TenantScope;
  readonly #owner: SecretOwner;
  readonly #gate: HeldLocks;

  /** `scope` must not be bound to a transaction: tokens stay, whatever becomes of the call. */
  constructor(deps: {
    db: ScopedDb;
    secrets: ConnectionSecrets;
    scope: TenantScope;
    owner: SecretOwner;
    gate: HeldLocks;
  }) {
    this.#db = deps.db;
    this.#secrets = deps.secrets;
    this.#scope = deps.scope;
    this.#owner = deps.owner;
    this.#gate = deps.gate;
  }

  async get(key: CredentialKey): Promise<string | null> {
    return this.#db.transaction(this.#scope, (tx) => this.#secrets.get(tx, this.#owner.id, secretOf(key)));
  }

  async set(key: CredentialKey, value: string): Promise<void> {
    await this.#db.transaction(this.#scope, async (tx) => {
      // A connection that was removed meanwhile keeps nothing.
      const rows = await tx.sql(
        "select 1 from plugin_connection where msp_id = $1 and id = $2 and state <> 'removed' for share",
        [this.#scope.mspId, this.#owner.id],
      );
      if (rows.length > 0) await this.#secrets.set(tx, this.#owner, { ...secretOf(key), value });
    });
  }

  async delete(key: CredentialKey): Promise<void> {
    await this.#db.transaction(this.#scope, (tx) => this.#secrets.delete(tx, this.#owner.id, secretOf(key)));
  }

  async exclusively<T>(key: CredentialKey, work: () => Promise<T>): Promise<T> {
    const name = `plugin token ${this.#scope.mspId} ${key.connection} ${key.scope ?? ''}`;
    return this.#gate.hold(name, () =>
      this.#db.transaction(this.#scope, async (tx) => {
        await tx.sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
        return work();
      }),
    );
  }
}

/** `scope` null is the connection's own. The prefix keeps a scope that is called like it apart. */
function secretOf(key: CredentialKey): { kind: 'token'; name: string } {
  return { kind: 'token', name: key.scope === null ? 'connection' : `scope:${key.scope}` };
}

/** Lets one work of a name run at a time in this process, and only a few of all names, before any of them takes a database connection. */
export class HeldLocks {
  readonly #tails = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #held = 0;

  async hold<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(name) ?? Promise.resolve();
    const mine = before.then(
      () => this.#oneOfFew(work),
      () => this.#oneOfFew(work),
    );
    this.#tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(name) === mine) this.#tails.delete(name);
    }
  }

  async #oneOfFew<T>(work: () => Promise<T>): Promise<T> {
    if (this.#held >= MAX_HELD) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#held += 1;
    try {
      return await work();
    } finally {
      // The place goes straight to the next, so that nobody comes between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#held -= 1;
      else next();
    }
  }
}
