import { passkey } from '@better-auth/passkey';
import { betterAuth } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { twoFactor } from 'better-auth/plugins';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import { z } from 'zod';
import { newId } from '#kernel/id';
import type { KeyRing } from '#platform/secrets/key-ring';

/** By what a session was opened. Only `totp` and `passkey` let staff do anything; whatever we do not know counts as `none`. */
export const FACTORS = ['none', 'password', 'totp', 'passkey', 'magic-link'] as const;
export type Factor = (typeof FACTORS)[number];

/** better-auth's routes that open a session, and what each of them has proved. */
const PROVED_BY: Readonly<Record<string, Factor>> = {
  '/sign-in/email': 'password',
  '/two-factor/verify-totp': 'totp',
  '/two-factor/verify-backup-code': 'totp',
  '/passkey/verify-authentication': 'passkey',
};

/** The one header by which better-auth learns an address: what a caller sends under other names is not believed. */
export const ADDRESS_HEADER = 'x-bailiwick-address';

const SESSION_HOURS = 12;
const HOUR_SECONDS = 3600;

const openSessionBody = z.object({
  userId: z.string(),
  factor: z.enum(FACTORS),
  mspId: z.string().nullable(),
  membershipId: z.string().nullable(),
  membershipKind: z.enum(['staff', 'contact']).nullable(),
});

/** Our own ways to a session: an accepted invitation, a portal link, a change of membership. Called by us only; nothing mounts it. */
const ownSessions = {
  id: 'bailiwick',
  endpoints: {
    openSession: createAuthEndpoint(
      '/bailiwick/open-session',
      { method: 'POST', body: openSessionBody, metadata: { SERVER_ONLY: true } },
      async (context) => {
        const { userId, ...fields } = context.body;
        const user = await context.context.internalAdapter.findUserById(userId);
        if (user === null) throw new APIError('UNAUTHORIZED');
        const session = await context.context.internalAdapter.createSession(userId, false, fields);
        await setSessionCookie(context, { session, user });
        return { token: session.token };
      },
    ),
  },
};

const SESSION = {
  expiresIn: SESSION_HOURS * HOUR_SECONDS,
  updateAge: HOUR_SECONDS / 2,
  freshAge: HOUR_SECONDS,
  additionalFields: {
    factor: { type: 'string' as const, required: false, input: false },
    mspId: { type: 'string' as const, required: false, input: false },
    membershipId: { type: 'string' as const, required: false, input: false },
    membershipKind: { type: 'string' as const, required: false, input: false },
  },
};

/** better-auth on the schema of logins. None of its routes is mounted: `Logins` calls what we use of it, so that nothing is open by default. */
export function makeAuthServer(options: { pool: pg.Pool; ring: KeyRing; publicUrl: string }) {
  const { hostname, origin, protocol } = new URL(options.publicUrl);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: options.pool }) }).withSchema('auth');
  return betterAuth({
    appName: 'Bailiwick',
    baseURL: options.publicUrl,
    basePath: '/api/auth',
    secret: options.ring.derive('sign-in').toString('base64'),
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Ours counts in the database, before anything is checked.
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    session: SESSION,
    advanced: {
      cookiePrefix: 'bailiwick',
      useSecureCookies: protocol === 'https:',
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      disableOriginCheck: true,
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            const proved = context?.path === undefined ? undefined : PROVED_BY[context.path];
            const factor = proved ?? (context?.path === '/bailiwick/open-session' ? session['factor'] : 'none');
            return { data: { ...session, factor } };
          },
        },
      },
    },
    plugins: [
      twoFactor({
        issuer: 'Bailiwick',
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 },
      }),
      passkey({
        rpID: hostname,
        rpName: 'Bailiwick',
        origin,
        authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
        authentication: {
          // A key that only proves that it is there, and not who holds it, is one factor.
          afterVerification: async ({ verification }) => {
            if (!verification.authenticationInfo.userVerified)
              throw new APIError('UNAUTHORIZED', { message: 'The passkey did not check who you are.' });
          },
        },
      }),
      ownSessions,
    ],
  });
}

export type AuthServer = ReturnType<typeof makeAuthServer>;
