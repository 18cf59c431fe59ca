import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Who works for an MSP and what they may do, how people are invited, keys for programs, and whose portal login a person has. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table identity_role (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      permissions text[] not null,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await protectTable(db, 'identity_role', { client: 'none' });
  await sql`
    create table identity_staff (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      login_id uuid not null,
      name text not null,
      email text not null,
      standard_roles text[] not null default '{}',
      role_ids uuid[] not null default '{}',
      reach text not null check (reach in ('all', 'only', 'except')),
      reach_clients uuid[] not null default '{}',
      expires_at timestamptz,
      removed_at timestamptz,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id)
    )`.execute(db);
  await sql`create unique index identity_staff_login on identity_staff (msp_id, login_id) where removed_at is null`.execute(
    db,
  );
  await sql`create index identity_staff_by_name on identity_staff (msp_id, lower(name), id)`.execute(db);
  await protectTable(db, 'identity_staff', { client: 'none' });
  await createInvitation(db);
  await createApiKey(db);
  await sql`
    create table identity_portal_login (
      msp_id uuid not null,
      person_id uuid not null,
      login_id uuid not null,
      created_at timestamptz not null,
      primary key (msp_id, person_id),
      unique (msp_id, login_id),
      foreign key (msp_id, person_id) references person deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'identity_portal_login', { client: 'none' });
}

async function createInvitation(db: Kysely<never>): Promise<void> {
  await sql`
    create table identity_invitation (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      is_first_administrator boolean not null default false,
      email text,
      standard_roles text[] not null default '{}',
      role_ids uuid[] not null default '{}',
      reach text not null check (reach in ('all', 'only', 'except')),
      reach_clients uuid[] not null default '{}',
      membership_expires_at timestamptz,
      expires_at timestamptz not null,
      accepted_at timestamptz,
      revoked_at timestamptz,
      created_at timestamptz not null,
      primary key (msp_id, id)
    )`.execute(db);
  await protectTable(db, 'identity_invitation', { client: 'none' });
}

async function createApiKey(db: Kysely<never>): Promise<void> {
  await sql`
    create table identity_api_key (
      msp_id uuid not null,
      id uuid not null,
      staff_id uuid not null,
      name text not null,
      prefix text not null,
      permissions text[] not null,
      reach text not null check (reach in ('all', 'only', 'except')),
      reach_clients uuid[] not null default '{}',
      expires_at timestamptz not null,
      revoked_at timestamptz,
      last_used_at timestamptz,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await sql`create index identity_api_key_staff on identity_api_key (msp_id, staff_id, id)`.execute(db);
  await protectTable(db, 'identity_api_key', { client: 'none' });
}
