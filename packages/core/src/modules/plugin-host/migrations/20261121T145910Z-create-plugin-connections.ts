import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Connections to vendors with their sealed secrets, what plugins remember and report of them, and what of it needs a person. */
export async function up(db: Kysely<never>): Promise<void> {
  await createConnection(db);
  await createSecret(db);
  await createAuthorization(db);
  await createState(db);
  await createIssue(db);
  await createHealth(db);
  await createLog(db);
}

async function createConnection(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_connection (
      msp_id uuid not null,
      id uuid not null,
      -- Whose account it is: a client's, or the MSP's own.
      client_id uuid,
      plugin_id uuid not null,
      type text not null,
      name text not null,
      config jsonb not null,
      state text not null check (state in ('active', 'paused', 'broken', 'removed')),
      state_reason text,
      -- What an administrator allowed it to reach: [{kind, value, by, at}].
      approvals jsonb not null default '[]',
      -- Rules of the operator in the place of the vendor's; null where these hold.
      limits jsonb,
      account text,
      warnings jsonb not null default '[]',
      checked_at timestamptz,
      version integer not null default 1,
      created_by text not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, plugin_id) references plugin (msp_id, id) deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_connection_by_name on plugin_connection (msp_id, lower(name), id)`.execute(db);
  // People tell connections apart by name only.
  await sql`create unique index plugin_connection_name on plugin_connection (msp_id, lower(name)) where state <> 'removed'`.execute(
    db,
  );
  await sql`create index plugin_connection_of_client_by_name on plugin_connection (msp_id, client_id, lower(name), id)`.execute(
    db,
  );
  await protectTable(db, 'plugin_connection', { client: 'optional' });
}

async function createSecret(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_connection_secret (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      -- A field that a person filled in, or a token that the host was given for it.
      kind text not null check (kind in ('field', 'token')),
      name text not null,
      sealed bytea not null,
      expires_at timestamptz,
      updated_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, connection_id, kind, name),
      foreign key (msp_id, connection_id) references plugin_connection (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_connection_secret', { client: 'optional' });
}

async function createAuthorization(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_authorization (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      state_hash text not null,
      -- Who was sent to the vendor; nobody else's return is taken.
      actor_id uuid not null,
      sealed_verifier bytea not null,
      expires_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, state_hash),
      foreign key (msp_id, connection_id) references plugin_connection (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_authorization', { client: 'optional' });
}

async function createState(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_state (
      msp_id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      -- The vendor's id of the scope; empty for the connection itself.
      scope text not null,
      key text not null,
      value jsonb not null,
      size_bytes integer not null check (size_bytes between 0 and 65536),
      updated_at timestamptz not null,
      primary key (msp_id, connection_id, scope, key),
      foreign key (msp_id, connection_id) references plugin_connection (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_state', { client: 'optional' });
}

async function createIssue(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_issue (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      remote_scope_id uuid,
      -- What it is, within its connection and scope: raised twice it is one.
      key text not null,
      severity text not null check (severity in ('info', 'warning', 'error')),
      title text not null,
      remedy text,
      learn_more text,
      repair text,
      data jsonb not null default '{}',
      raised_at timestamptz not null,
      seen_at timestamptz not null,
      closed_at timestamptz,
      primary key (msp_id, id),
      foreign key (msp_id, connection_id) references plugin_connection (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create unique index plugin_issue_open on plugin_issue (msp_id, connection_id, remote_scope_id, key) nulls not distinct where closed_at is null`.execute(
    db,
  );
  await sql`create index plugin_issue_by_time on plugin_issue (msp_id, raised_at, id)`.execute(db);
  await sql`create index plugin_issue_of_client_by_time on plugin_issue (msp_id, client_id, raised_at, id)`.execute(db);
  await protectTable(db, 'plugin_issue', { client: 'optional' });
}

async function createHealth(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_health (
      msp_id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      -- check, options, discover, read:<stream>, apply:<action> …
      kind text not null,
      succeeded_at timestamptz,
      failed_at timestamptz,
      failure text,
      failure_message text,
      failures_in_row integer not null default 0,
      calls bigint not null default 0,
      failures bigint not null default 0,
      primary key (msp_id, connection_id, kind),
      foreign key (msp_id, connection_id) references plugin_connection (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_health', { client: 'optional' });
}

async function createLog(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_log (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      at timestamptz not null,
      scope text not null,
      call text not null,
      level text not null check (level in ('debug', 'info', 'warn')),
      message text not null,
      fields jsonb not null,
      primary key (msp_id, id),
      foreign key (msp_id, connection_id) references plugin_connection (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_log_of_connection on plugin_log (msp_id, connection_id, id)`.execute(db);
  await protectTable(db, 'plugin_log', { client: 'optional' });
}
