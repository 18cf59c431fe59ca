import { randomBytes } from 'node:crypto';

/** Who acts: the user of the management account, or a role in an account for a while. */
export interface Principal {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
  /** Role sessions say which role. */
  readonly roleName: string | undefined;
}

/** A key pair; temporary ones also have a token and an end. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  expiresAt: Temporal.Instant | undefined;
  readonly principal: Principal;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id of AWS: a prefix that says what it is, and capitals. */
export function uniqueId(prefix: string, length = 20): string {
  const random = [...randomBytes(length - prefix.length)].map((byte) => letters[byte % letters.length]);
  return prefix + random.join('');
}

/** The keys that AWS knows. */
export class AccessKeys {
  readonly #keys = new Map<string, AccessKey>();

  /** A key pair of a user, without an end. */
  createForUser(principal: Principal): AccessKey {
    return this.#add('AKIA', principal, undefined);
  }

  /** Temporary credentials. */
  createSession(principal: Principal, expiresAt: Temporal.Instant): AccessKey {
    return this.#add('ASIA', principal, expiresAt);
  }

  find(accessKeyId: string): AccessKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  /** Takes a key away, as when a user's key is deleted. */
  delete(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
  }

  /** Ends all sessions of roles, as when they are revoked. */
  endSessions(at: Temporal.Instant): void {
    for (const key of this.#keys.values()) if (key.sessionToken !== undefined) key.expiresAt = at;
  }

  #add(prefix: string, principal: Principal, expiresAt: Temporal.Instant | undefined): AccessKey {
    const key: AccessKey = {
      accessKeyId: uniqueId(prefix),
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: expiresAt === undefined ? undefined : randomBytes(120).toString('base64'),
      expiresAt,
      principal,
    };
    this.#keys.set(key.accessKeyId, key);
    return key;
  }
}
