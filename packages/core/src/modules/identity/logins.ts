import { APIError } from 'better-auth/api';
import type pg from 'pg';
import {
  ConflictError,
  InvalidInputError,
  RateLimitedError,
  UnauthenticatedError,
  type DomainError,
} from '#kernel/errors';
import { ADDRESS_HEADER, type AuthServer, type Factor } from './auth-server.ts';
import type { LoginId } from './identity-table.ts';

/** What of a request sign-in needs. */
export interface SignInRequest {
  readonly headers: Headers;
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** A session of a login, as its cookie proves it. */
export interface OpenSession {
  readonly id: string;
  readonly token: string;
  readonly loginId: LoginId;
  readonly name: string;
  readonly email: string;
  readonly factor: Factor;
  readonly mspId: string | null;
  readonly membershipId: string | null;
  readonly membershipKind: 'staff' | 'contact' | null;
}

/** What a login can prove itself with. */
export interface EnrolledFactors {
  readonly hasTotp: boolean;
  readonly passkeys: number;
}

/** Cookies to set beside whatever is answered. */
export interface Answered<Body> {
  readonly body: Body;
  readonly cookies: string[];
}

/** Logins and their sessions: the only place that talks to better-auth. */
export class Logins {
  readonly #auth: AuthServer;
  readonly #pool: pg.Pool;

  constructor(deps: { auth: AuthServer; pool: pg.Pool }) {
    this.#auth = deps.auth;
    this.#pool = deps.pool;
  }

  /** The session that the request's cookie proves, or null. */
  async session(request: Pick<SignInRequest, 'headers'>): Promise<OpenSession | null> {
    if (!request.headers.has('cookie')) return null;
    const found = await this.#auth.api.getSession({ headers: request.headers });
    return found === null ? null : toOpenSession(found as unknown as FoundSession);
  }

  /** As `session`, with the cookie that keeps an active session from ending. */
  async refresh(request: SignInRequest): Promise<Answered<OpenSession | null>> {
    if (!request.headers.has('cookie')) return { body: null, cookies: [] };
    const { response, headers } = await this.#auth.api.getSession({ headers: request.headers, returnHeaders: true });
    return {
      body: response === null ? null : toOpenSession(response as unknown as FoundSession),
      cookies: headers.getSetCookie(),
    };
  }

  /** Checks a password. `token` is null where a second factor is due; only then is there no session yet. */
  async checkPassword(
    request: SignInRequest,
    email: string,
    password: string,
  ): Promise<Answered<{ token: string | null }>> {
    return guarded(async () => {
      const { response, headers } = await this.#auth.api.signInEmail({
        body: { email, password },
        headers: plainHeaders(request),
        returnHeaders: true,
      });
      const { token, twoFactorRedirect } = response as unknown as { token?: string; twoFactorRedirect?: boolean };
      return {
        body: { token: twoFactorRedirect === true ? null : (token ?? null) },
        cookies: headers.getSetCookie(),
      };
    });
  }

  /** Whose second factor a request's challenge cookie waits for; null without a challenge. */
  async challengedLogin(request: SignInRequest): Promise<string | null> {
    const context = await this.#auth.$context;
    const cookie = context.createAuthCookie('two_factor').name;
    const signed = readCookie(request.headers, cookie);
    const identifier = signed === undefined ? undefined : signed.slice(0, signed.lastIndexOf('.'));
    if (identifier === undefined || !/^2fa-[A-Za-z0-9_-]+$/.test(identifier)) return null;
    return (await context.internalAdapter.findVerificationValue(identifier))?.value ?? null;
  }

  /** Checks a code of the authenticator app, or a backup code: for a challenge, or to finish enrolling. */
  async checkCode(request: SignInRequest, code: string): Promise<Answered<{ token: string }>> {
    return guarded(async () => {
      const call = {
        body: { code },
        headers: plainHeaders(request, { keepsCookies: true }),
        returnHeaders: true,
      } as const;
      const { response, headers } = /^\d{6}$/.test(code)
        ? await this.#auth.api.verifyTOTP(call)
        : await this.#auth.api.verifyBackupCode(call);
      return { body: { token: (response as { token: string }).token }, cookies: headers.getSetCookie() };
    });
  }

  /** Begins to enrol an authenticator app. */
  async beginTotp(request: SignInRequest, password: string): Promise<{ totpUri: string; backupCodes: string[] }> {
    return guarded(async () => {
      const answer = await this.#auth.api.enableTwoFactor({ body: { password }, headers: request.headers });
      const { totpURI, backupCodes } = answer as unknown as { totpURI: string; backupCodes: string[] };
      return { totpUri: totpURI, backupCodes };
    });
  }

  async passkeyRegistration(request: SignInRequest): Promise<Answered<object>> {
    return guarded(async () => {
      const call = { headers: request.headers, returnHeaders: true } as const;
      const { response, headers } = await this.#auth.api.generatePasskeyRegistrationOptions(call);
      return { body: response, cookies: headers.getSetCookie() };
    });
  }

  async registerPasskey(request: SignInRequest, name: string, response: object): Promise<void> {
    await guarded(() =>
      this.#auth.api.verifyPasskeyRegistration({ body: { response, name }, headers: request.headers }),
    );
  }

  async passkeyChallenge(request: SignInRequest): Promise<Answered<object>> {
    return guarded(async () => {
      const { response, headers } = await this.#auth.api.generatePasskeyAuthenticationOptions({
        headers: plainHeaders(request),
        returnHeaders: true,
      });
      return { body: { ...response, userVerification: 'required' }, cookies: headers.getSetCookie() };
    });
  }

  async checkPasskey(request: SignInRequest, response: object): Promise<Answered<{ token: string }>> {
    return guarded(async () => {
      const answered = await this.#auth.api.verifyPasskeyAuthentication({
        body: { response: response as never },
        headers: plainHeaders(request, { keepsCookies: true }),
        returnHeaders: true,
      });
      const { session } = answered.response as unknown as { session: { token: string } };
      return { body: { token: session.token }, cookies: answered.headers.getSetCookie() };
    });
  }

  async signOut(request: SignInRequest): Promise<string[]> {
    const { headers } = await this.#auth.api.signOut({ headers: request.headers, returnHeaders: true });
    return headers.getSetCookie();
  }

  /** Opens a session for one membership. */
  async openSession(
    request: SignInRequest,
    session: Pick<OpenSession, 'loginId' | 'factor' | 'mspId' | 'membershipId' | 'membershipKind'>,
  ): Promise<Answered<{ token: string }>> {
    const { loginId, ...fields } = session;
    const { response, headers } = await this.#auth.api.openSession({
      body: { userId: loginId, ...fields },
      headers: plainHeaders(request),
      returnHeaders: true,
    });
    return { body: response, cookies: headers.getSetCookie() };
  }

  /** Makes a login. Without a password it can be entered by links only. Throws `identity.login-exists`. */
  async create(login: { id: LoginId; email: string; name: string; password?: string }): Promise<void> {
    const context = await this.#auth.$context;
    const hash = login.password === undefined ? null : await context.password.hash(login.password);
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      const { rowCount } = await client.query(
        `insert into auth."user" (id, name, email, "emailVerified") values ($1, $2, $3, true) on conflict (email) do nothing`,
        [login.id, login.name, login.email.toLowerCase()],
      );
      if (rowCount === 0)
        throw new ConflictError(
          'identity.login-exists',
          'There is a login with this address. Sign in with it first, then open the link again.',
          { fields: [{ path: ['email'], message: 'has a login already' }] },
        );
      if (hash !== null)
        await client.query(
          `insert into auth.account (id, "accountId", "providerId", "userId", password) values ($1, $2, 'credential', $2, $3)`,
          [crypto.randomUUID(), login.id, hash],
        );
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }

  /** Removes a login that was made for something that then did not happen. */
  async remove(loginId: LoginId): Promise<void> {
    await this.#pool.query('delete from auth."user" where id = $1', [loginId]);
  }

  /** Removes sessions and challenges that have ended. */
  async sweep(): Promise<void> {
    await this.#pool.query('delete from auth.session where "expiresAt" < now()');
    await this.#pool.query('delete from auth.verification where "expiresAt" < now()');
  }

  async findByEmail(email: string): Promise<{ loginId: LoginId; name: string } | null> {
    const { rows } = await this.#pool.query<{ id: LoginId; name: string }>(
      'select id, name from auth."user" where email = $1',
      [email.toLowerCase()],
    );
    return rows[0] === undefined ? null : { loginId: rows[0].id, name: rows[0].name };
  }

  async factorsOf(loginId: LoginId): Promise<EnrolledFactors> {
    const { rows } = await this.#pool.query<{ has_totp: boolean; passkeys: number }>(
      `select exists (select 1 from auth."twoFactor" where "userId" = $1 and verified) as has_totp,
              (select count(*)::int from auth.passkey where "userId" = $1) as passkeys`,
      [loginId],
    );
    return { hasTotp: rows[0]?.has_totp ?? false, passkeys: rows[0]?.passkeys ?? 0 };
  }
}

interface FoundSession {
  readonly session: Record<string, string | null> & { id: string; token: string };
  readonly user: { id: string; name: string; email: string };
}

function toOpenSession({ session, user }: FoundSession): OpenSession {
  return {
    id: session.id,
    token: session.token,
    loginId: user.id as LoginId,
    name: user.name,
    email: user.email,
    factor: (session['factor'] ?? 'none') as Factor,
    mspId: session['mspId'] ?? null,
    membershipId: session['membershipId'] ?? null,
    membershipKind: (session['membershipKind'] ?? null) as OpenSession['membershipKind'],
  };
}

/** Only what better-auth should believe. A cookie goes along only where the call continues something. */
function plainHeaders(request: SignInRequest, options: { keepsCookies?: boolean } = {}): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: request.ip, 'user-agent': request.userAgent });
  const cookie = request.headers.get('cookie');
  if (options.keepsCookies === true && cookie !== null) headers.set('cookie', cookie);
  return headers;
}

function readCookie(headers: Headers, name: string): string | undefined {
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name || key === `__Secure-${name}`) return decodeURIComponent(rest.join('='));
  }
  return undefined;
}

/** Runs a call of better-auth and turns its refusals into ours. */
async function guarded<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof APIError ? refusalOf(error) : error;
  }
}

const LOCK_SECONDS = 900;

function refusalOf(error: APIError): DomainError {
  const message = error.body?.message ?? 'This was refused.';
  if (error.status === 'TOO_MANY_REQUESTS')
    return new RateLimitedError(
      'sign-in.too-many-tries',
      'Too many wrong codes. Try again in 15 minutes.',
      LOCK_SECONDS,
    );
  if (error.status === 'UNAUTHORIZED' || error.status === 'FORBIDDEN')
    return new UnauthenticatedError('sign-in.refused', `${message.replace(/\.$/, '')}.`, { cause: error });
  return new InvalidInputError('sign-in.invalid', `${message.replace(/\.$/, '')}.`, { cause: error });
}
