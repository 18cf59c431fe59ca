import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What people have plugins do and who allowed it, what vendors deliver by themselves, and what plugins are told. */
export async function up(db: Kysely<never>): Promise<void> {
  await createPolicy(db);
  await createRun(db);
  await createWebhook(db);
  await createEvent(db);
}

async function createPolicy(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_action_policy (
      msp_id uuid primary key references msp deferrable initially deferred,
      rules jsonb not null,
      working_hours jsonb not null,
      version integer not null default 1
    )`.execute(db);
  await protectTable(db, 'plugin_action_policy', { client: 'none' });
}

async function createRun(db: Kysely<never>): Promise<void> {
  // The input is sealed: an action may be given a password. What people see of it is a copy without secrets.
  await sql`
    create table plugin_action_run (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      scope_id uuid,
      undoes_id uuid,
      action text not null,
      label text not null,
      effect text not null check (effect in ('read', 'create', 'update', 'delete', 'execute')),
      idempotency text not null check (idempotency in ('natural', 'key', 'none')),
      shown_input jsonb not null,
      sealed_input bytea not null,
      plan jsonb not null,
      plan_hash text not null,
      blast jsonb not null,
      verdict text not null check (verdict in ('run', 'approve-1', 'approve-2', 'deny')),
      why text not null,
      state text not null check (state in ('planned', 'waiting', 'approved', 'running', 'done', 'partly-done', 'failed', 'unknown', 'stale', 'rejected', 'cancelled', 'expired')),
      requester_kind text not null,
      requester_id uuid not null,
      -- The login behind it, a key's owner too; null for what acts by itself.
      person_id uuid,
      requester_label text not null,
      reason text not null default '',
      idempotency_key uuid not null,
      -- Set just before the vendor is asked: after that nobody knows, unless there is an answer.
      is_sent boolean not null default false,
      attempts integer not null default 0,
      result jsonb,
      verification jsonb,
      failure text,
      message text not null default '',
      planned_at timestamptz not null,
      expires_at timestamptz not null,
      started_at timestamptz,
      ended_at timestamptz,
      version integer not null default 1,
      primary key (msp_id, id),
      unique (msp_id, idempotency_key),
      foreign key (msp_id, connection_id) references plugin_connection on delete cascade deferrable initially deferred,
      foreign key (msp_id, scope_id) references plugin_scope on delete cascade deferrable initially deferred,
      foreign key (msp_id, undoes_id) references plugin_action_run on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_action_run_by_time on plugin_action_run (msp_id, planned_at, id)`.execute(db);
  await sql`create index plugin_action_run_of_client_by_time on plugin_action_run (msp_id, client_id, planned_at, id)`.execute(
    db,
  );
  await sql`create index plugin_action_run_waiting on plugin_action_run (msp_id, expires_at) where state in ('planned', 'waiting', 'approved', 'running')`.execute(
    db,
  );
  await protectTable(db, 'plugin_action_run', { client: 'optional' });
  await sql`
    create table plugin_action_approval (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      run_id uuid not null,
      -- The login: keys approve nothing.
      actor_id uuid not null,
      actor_label text not null,
      decision text not null check (decision in ('approve', 'reject')),
      reason text not null,
      at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, run_id, actor_id),
      foreign key (msp_id, run_id) references plugin_action_run on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_action_approval', { client: 'optional', access: 'append' });
}

async function createWebhook(db: Kysely<never>): Promise<void> {
  // The address is a secret: sealed for who sets it up, found by its digest in the directory. `client_id` is the connection's owner.
  await sql`
    create table plugin_webhook (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      name text not null,
      sealed_address bytea not null,
      received bigint not null default 0,
      refused bigint not null default 0,
      unroutable bigint not null default 0,
      last_received_at timestamptz,
      last_refused_at timestamptz,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, connection_id, name),
      foreign key (msp_id, connection_id) references plugin_connection on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_webhook', { client: 'optional' });
  await sql`
    create table plugin_delivery (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      webhook_id uuid not null,
      -- As it was verified: headers without secrets, query, body.
      delivery jsonb not null,
      state text not null check (state in ('waiting', 'done', 'unroutable', 'failed')),
      message text not null default '',
      received_at timestamptz not null,
      ended_at timestamptz,
      primary key (msp_id, id),
      foreign key (msp_id, webhook_id) references plugin_webhook on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_delivery_of_webhook on plugin_delivery (msp_id, webhook_id, received_at, id)`.execute(
    db,
  );
  await protectTable(db, 'plugin_delivery', { client: 'optional' });
  await sql`
    create table plugin_delivery_key (
      msp_id uuid not null,
      client_id uuid,
      webhook_id uuid not null,
      key text not null,
      expires_at timestamptz not null,
      primary key (msp_id, webhook_id, key),
      foreign key (msp_id, webhook_id) references plugin_webhook on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_delivery_key', { client: 'optional' });
}

async function createEvent(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_event_delivery (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      connection_id uuid not null,
      subscriber text not null,
      event_name text not null,
      event jsonb not null,
      scope_id uuid,
      state text not null check (state in ('waiting', 'done', 'failed')),
      attempts integer not null default 0,
      message text not null default '',
      created_at timestamptz not null,
      ended_at timestamptz,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, connection_id) references plugin_connection on delete cascade deferrable initially deferred,
      foreign key (msp_id, scope_id) references plugin_scope on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_event_delivery_of_connection on plugin_event_delivery (msp_id, connection_id, created_at, id)`.execute(
    db,
  );
  await protectTable(db, 'plugin_event_delivery', { client: 'required' });
}
