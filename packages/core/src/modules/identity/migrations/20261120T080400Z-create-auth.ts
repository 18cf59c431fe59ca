import { sql, type Kysely } from 'kysely';

/**
 * Logins, global and apart: only the sign-in role reads them. Column names are better-auth's own. A session says by which factor it was opened and which one
 * membership it holds.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create schema auth`.execute(db);
  await sql`
    create table auth."user" (
      id text primary key, name text not null, email text not null unique, "emailVerified" boolean not null default false,
      image text, "twoFactorEnabled" boolean default false,
      "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table auth.session (
      id text primary key, token text not null unique, "userId" text not null references auth."user" on delete cascade,
      "expiresAt" timestamptz not null, "ipAddress" text, "userAgent" text,
      "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now(),
      factor text not null default 'none' check (factor in ('none', 'password', 'totp', 'passkey', 'magic-link')),
      "mspId" text, "membershipId" text, "membershipKind" text check ("membershipKind" in ('staff', 'contact'))
    )`.execute(db);
  await sql`create index session_by_user on auth.session ("userId")`.execute(db);
  await sql`
    create table auth.account (
      id text primary key, "accountId" text not null, "providerId" text not null,
      "userId" text not null references auth."user" on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text,
      "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, scope text, password text,
      "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now(),
      unique ("providerId", "accountId")
    )`.execute(db);
  await sql`create index account_user on auth.account ("userId")`.execute(db);
  await sql`
    create table auth.verification (
      id text primary key, identifier text not null, value text not null, "expiresAt" timestamptz not null,
      "createdAt" timestamptz not null default now(), "updatedAt" timestamptz not null default now()
    )`.execute(db);
  await sql`create index verification_identifier on auth.verification (identifier)`.execute(db);
  await createFactors(db);
  await sql`grant usage on schema auth to bailiwick_auth`.execute(db);
  await sql`grant select, insert, update, delete on all tables in schema auth to bailiwick_auth`.execute(db);
}

async function createFactors(db: Kysely<never>): Promise<void> {
  await sql`
    create table auth."twoFactor" (
      id text primary key, secret text not null, "backupCodes" text not null,
      "userId" text not null unique references auth."user" on delete cascade,
      verified boolean default true, "failedVerificationCount" integer default 0, "lockedUntil" timestamptz
    )`.execute(db);
  await sql`
    create table auth.passkey (
      id text primary key, name text, "publicKey" text not null, "userId" text not null references auth."user" on delete cascade,
      "credentialID" text not null unique, counter integer not null, "deviceType" text not null, "backedUp" boolean not null,
      transports text, "createdAt" timestamptz, aaguid text
    )`.execute(db);
  await sql`create index passkey_user on auth.passkey ("userId")`.execute(db);
  await sql`
    create table auth.attempt (
      key text primary key, count integer not null, window_ends_at timestamptz not null
    )`.execute(db);
}
