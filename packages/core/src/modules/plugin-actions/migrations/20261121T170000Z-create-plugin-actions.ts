import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What people have plugins do, and who allowed it. */
export async function up(db: Kysely<never>): Promise<void> {
  await createPolicy(db);
  await createRun(db);
  await createApproval(db);
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
      asked_by text not null check (asked_by in ('person', 'automation', 'ai')),
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
}

async function createApproval(db: Kysely<never>): Promise<void> {
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
