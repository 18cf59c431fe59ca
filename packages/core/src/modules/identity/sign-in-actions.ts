import { z } from 'zod';
import { ForbiddenError, InvalidInputError, NotFoundError, UnauthenticatedError } from '#kernel/errors';
import { text } from '#kernel/text';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AttemptLimiter } from './attempt-limiter.ts';
import type { CredentialResolver, LookupScope } from './credential-resolver.ts';
import { doorAction, type DoorAction } from './door-action.ts';
import type { Logins, OpenSession, SignInRequest, Answered } from './logins.ts';
import type { NoteSignIn } from './note-sign-in.ts';
import { ADDRESS_TRIES, CODE_TRIES, PASSWORD_TRIES } from './sign-in-limits.ts';
import type { SignInState } from './sign-in-state.ts';

export interface SignInNeeds {
  readonly logins: Logins;
  readonly state: SignInState;
  readonly limiter: AttemptLimiter;
  readonly resolver: CredentialResolver;
  readonly note: NoteSignIn;
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
}

const nothing = z.object({});
const passwordSchema = z.string().min(1).max(128);
const codeSchema = z.string().trim().min(6).max(40);
const webAuthnSchema = z.looseObject({ id: z.string().max(2000) });

/** Signing in, out and over: password, code, passkey, membership. */
export function signInActions(needs: SignInNeeds): DoorAction[] {
  const { logins, state, limiter } = needs;
  return [
    doorAction(
      'sign-in',
      z.object({ email: z.email().max(254), password: passwordSchema }),
      async (input, request, lookup) => {
        const email = input.email.toLowerCase();
        await limiter.take(ADDRESS_TRIES, request.ip);
        const { wasLast } = await limiter.take(PASSWORD_TRIES, email);
        const answered = await logins.checkPassword(request, email, input.password).catch(async (error: unknown) => {
          if (wasLast) await needs.note.lockedOut(email, request, lookup);
          throw error;
        });
        await limiter.clear(PASSWORD_TRIES, email);
        if (answered.body.token === null) return { body: { step: 'second-factor' }, cookies: answered.cookies };
        return entered(needs, answered, request, lookup);
      },
    ),
    doorAction('second-factor', z.object({ code: codeSchema }), async ({ code }, request, lookup) => {
      await limiter.take(ADDRESS_TRIES, request.ip);
      const loginId = await logins.challengedLogin(request);
      if (loginId === null) throw new UnauthenticatedError('sign-in.no-challenge', 'Enter your password first.');
      await limiter.take(CODE_TRIES, loginId);
      const answered = await logins.checkCode(withoutSession(request), code);
      await limiter.clear(CODE_TRIES, loginId);
      return entered(needs, answered, request, lookup);
    }),
    doorAction('passkey-options', nothing, (_, request) => logins.passkeyChallenge(request)),
    doorAction('passkey-sign-in', z.object({ response: webAuthnSchema }), async ({ response }, request, lookup) => {
      await limiter.take(ADDRESS_TRIES, request.ip);
      return entered(needs, await logins.checkPasskey(request, response), request, lookup);
    }),
    doorAction('sign-out', nothing, async (_, request) => {
      const cookies = await logins.signOut(request);
      needs.resolver.forget();
      return { body: {}, cookies };
    }),
    doorAction('memberships', nothing, async (_, request, lookup) => {
      const session = await sessionOf(needs, request);
      return { body: { choices: await state.choices(session, lookup) }, cookies: [] };
    }),
    doorAction('choose-membership', z.object({ membershipId: z.uuid() }), async ({ membershipId }, request, lookup) => {
      const session = await sessionOf(needs, request);
      const mspId = await state.mspOfChoice(session, membershipId, lookup);
      if (mspId === null) throw new NotFoundError('identity.membership-not-found', 'You have no such membership.');
      const kind = session.membershipKind ?? 'staff';
      const opened = await logins.openSession(request, { ...session, mspId, membershipId, membershipKind: kind });
      await needs.note.closeSession(session.token);
      needs.resolver.forget();
      return entered(needs, opened, request, lookup);
    }),
    ...enrolActions(needs),
  ];
}

/** Adding factors. Only a session that may: see `SignInState.mayEnrol`. */
function enrolActions(needs: SignInNeeds): DoorAction[] {
  const { logins, limiter } = needs;
  return [
    doorAction('enrol-totp', z.object({ password: passwordSchema }), async ({ password }, request) => {
      const session = await enrollingSession(needs, request);
      await limiter.take(PASSWORD_TRIES, session.email);
      const body = await logins.beginTotp(request, password);
      await limiter.clear(PASSWORD_TRIES, session.email);
      return { body, cookies: [] };
    }),
    doorAction(
      'confirm-totp',
      z.object({ code: z.string().regex(/^\d{6}$/, { error: 'must be the six digits' }) }),
      async ({ code }, request, lookup) => {
        const session = await enrollingSession(needs, request);
        if ((await logins.factorsOf(session.loginId)).hasTotp)
          throw new InvalidInputError('sign-in.already-enrolled', 'An authenticator app is enrolled already.');
        await limiter.take(CODE_TRIES, session.loginId);
        const answered = await logins.checkCode(request, code);
        needs.resolver.forget();
        const result = await entered(needs, { body: { token: null }, cookies: answered.cookies }, request, lookup);
        await needs.note.factorAdded(session, 'an authenticator app', request, lookup);
        return result;
      },
    ),
    doorAction('passkey-registration-options', nothing, async (_, request) => {
      await enrollingSession(needs, request);
      return logins.passkeyRegistration(request);
    }),
    doorAction(
      'passkey-register',
      z.object({ name: text({ max: 60 }), response: webAuthnSchema }),
      async (input, request, lookup) => {
        const session = await enrollingSession(needs, request);
        await logins.registerPasskey(request, input.name, input.response);
        await needs.note.factorAdded(session, 'a passkey', request, lookup);
        return { body: { step: await needs.state.stepOf(session, lookup) }, cookies: [] };
      },
    ),
  ];
}

async function sessionOf(needs: SignInNeeds, request: SignInRequest): Promise<OpenSession> {
  const session = await needs.logins.session(request);
  if (session === null) throw new UnauthenticatedError('session.none', 'Sign in first.');
  return session;
}

async function enrollingSession(needs: SignInNeeds, request: SignInRequest): Promise<OpenSession> {
  const session = await sessionOf(needs, request);
  if (!(await needs.state.mayEnrol(session)))
    throw new ForbiddenError(
      'sign-in.may-not-enrol',
      'Sign in with the second factor or passkey that you have before you add another.',
    );
  return session;
}

/** What follows a proof: the only membership is taken at once, and the caller learns what is left to do. */
export async function entered(
  needs: Pick<SignInNeeds, 'logins' | 'state' | 'note'>,
  answered: Answered<{ token: string | null }>,
  request: SignInRequest,
  lookup: LookupScope,
): Promise<Answered<object>> {
  const followed = withCookies(request, answered.cookies);
  let session = await needs.logins.session(followed);
  if (session !== null && session.membershipId === null) {
    const [only, another] = await needs.state.choices(session, lookup);
    if (only !== undefined && another === undefined) {
      const mspId = await needs.state.mspOfChoice(session, only.membershipId, lookup);
      await needs.note.takeMembership(session.token, { mspId, membershipId: only.membershipId, kind: only.kind });
      session = await needs.logins.session(followed);
    }
  }
  const step = await needs.state.stepOf(session, lookup);
  if (step === 'ready' && session !== null) await needs.note.signedIn(session, request, lookup);
  return { body: { step }, cookies: answered.cookies };
}

/** The request as the browser would send it next. */
function withCookies(request: SignInRequest, cookies: readonly string[]): SignInRequest {
  const jar = new Map<string, string>();
  const put = (pair: string): void => {
    const at = pair.indexOf('=');
    if (at > 0) jar.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  };
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) put(pair);
  for (const cookie of cookies) put(cookie.split(';')[0] ?? '');
  const headers = new Headers(request.headers);
  headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
  return { ...request, headers };
}

/** Without the cookie of a session that may still be open: a code must answer the challenge, not lean on that session. */
function withoutSession(request: SignInRequest): SignInRequest {
  const headers = new Headers(request.headers);
  const kept = (headers.get('cookie') ?? '').split(';').filter((pair) => !/session_token=|session_data=/.test(pair));
  headers.set('cookie', kept.join(';'));
  return { ...request, headers };
}
