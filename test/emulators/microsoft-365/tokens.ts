import { createHash, randomBytes, randomUUID } from 'node:crypto';

import type { EmulatorClock } from './clock.ts';
import type { Account } from './world.ts';

/** Seconds; the authority answers 3599 for an hour that began a moment ago. */
export const accessTokenLifetimeS = 3599;
const codeLifetime = { minutes: 10 } as const;
const refreshTokenLifetime = { hours: 24 * 90 } as const;

/** What an access token says of its bearer. */
export interface Caller {
  readonly tenantId: string;
  readonly clientId: string;
  readonly permissions: readonly string[];
  /** Null for an application that acts for itself. */
  readonly account: Account | null;
  readonly expiresAt: Temporal.Instant;
}

export interface AuthorizationCode {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly account: Account;
  readonly scopes: readonly string[];
  readonly challenge: { readonly value: string; readonly method: string } | null;
  readonly expiresAt: Temporal.Instant;
  isRedeemed: boolean;
}

export interface RefreshToken {
  readonly clientId: string;
  readonly account: Account;
  readonly scopes: readonly string[];
  readonly issuedAt: Temporal.Instant;
  readonly expiresAt: Temporal.Instant;
}

/** What the authority has issued. */
export class Tokens {
  readonly codes = new Map<string, AuthorizationCode>();
  readonly refreshTokens = new Map<string, RefreshToken>();
  /** By user: refresh tokens issued before are revoked. */
  readonly validFrom = new Map<string, Temporal.Instant>();
  private readonly accessTokens = new Map<string, Caller>();
  private readonly clock: EmulatorClock;

  constructor(clock: EmulatorClock) {
    this.clock = clock;
  }

  issueAccessToken(caller: Omit<Caller, 'expiresAt'>): string {
    const expiresAt = this.clock.now().add({ seconds: accessTokenLifetimeS });
    const token = signedToken({
      aud: 'https://graph.microsoft.com',
      tid: caller.tenantId,
      appid: caller.clientId,
      exp: Math.floor(expiresAt.epochMilliseconds / 1000),
      ...(caller.account === null
        ? { idtyp: 'app', roles: caller.permissions }
        : { idtyp: 'user', oid: caller.account.userId, scp: caller.permissions.join(' ') }),
    });
    this.accessTokens.set(token, { ...caller, expiresAt });
    return token;
  }

  /** The bearer of a token that was issued here, however old it is. */
  find(token: string): Caller | undefined {
    return this.accessTokens.get(token);
  }

  expireAccessTokens(): void {
    for (const [token, caller] of this.accessTokens) {
      this.accessTokens.set(token, { ...caller, expiresAt: this.clock.now() });
    }
  }

  issueCode(code: Omit<AuthorizationCode, 'expiresAt' | 'isRedeemed'>): string {
    const value = `1.${randomBytes(48).toString('base64url')}`;
    this.codes.set(value, { ...code, expiresAt: this.clock.now().add(codeLifetime), isRedeemed: false });
    return value;
  }

  issueRefreshToken(token: Omit<RefreshToken, 'issuedAt' | 'expiresAt'>): string {
    const value = `1.${randomBytes(64).toString('base64url')}`;
    const issuedAt = this.clock.now();
    this.refreshTokens.set(value, { ...token, issuedAt, expiresAt: issuedAt.add(refreshTokenLifetime) });
    return value;
  }

  /** Signs the user out everywhere, as revokeSignInSessions or a new password does. */
  revokeGrants(account: Account): void {
    this.validFrom.set(accountKey(account), this.clock.now());
  }

  revokedSince(account: Account, issuedAt: Temporal.Instant): Temporal.Instant | undefined {
    const validFrom = this.validFrom.get(accountKey(account));
    return validFrom !== undefined && Temporal.Instant.compare(issuedAt, validFrom) <= 0 ? validFrom : undefined;
  }
}

/** RFC 7636: whether the verifier belongs to the challenge. */
export function isChallengeMet(challenge: { value: string; method: string }, verifier: string): boolean {
  const expected = challenge.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  return expected === challenge.value;
}

function accountKey(account: Account): string {
  return `${account.tenantId}/${account.userId}`;
}

/** Of the shape of a JWT, as clients see it; the signature is noise, for only Graph may read the token. */
function signedToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'RS256', kid: 'emulator' })}.${part({ ...claims, uti: randomUUID() })}.${randomBytes(64).toString('base64url')}`;
}
