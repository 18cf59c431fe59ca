import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Agents: the tokens that they enrol with, who they are, how far their reports are stored, and the orders that they get. */
export async function up(db: Kysely<never>): Promise<void> {
  await createKeysAndTokens(db);
  await createAgents(db);
  await createOrders(db);
}

async function createKeysAndTokens(db: Kysely<never>): Promise<void> {
  await sql`
    create table endpoint_order_key (
      msp_id uuid not null,
      id uuid not null,
      public_key text not null,
      sealed_private_key bytea not null,
      is_current boolean not null,
      created_at timestamptz not null,
      primary key (msp_id, id)
    )`.execute(db);
  await sql`create unique index endpoint_order_key_current on endpoint_order_key (msp_id) where is_current`.execute(db);
  await protectTable(db, 'endpoint_order_key', { client: 'none' });
  await sql`
    create table endpoint_token (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      site_id uuid,
      label text not null,
      max_uses integer not null check (max_uses between 1 and 10000),
      uses integer not null default 0,
      expires_at timestamptz not null,
      revoked_at timestamptz,
      created_by text not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      check (uses <= max_uses),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, site_id) references site (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'endpoint_token', { client: 'required' });
}

async function createAgents(db: Kysely<never>): Promise<void> {
  await sql`
    create table endpoint_agent (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      token_id uuid,
      public_key text not null,
      hostname text not null,
      platform text not null,
      agent_version text not null,
      order_policy text not null check (order_policy in ('observe', 'allow', 'locked')),
      state text not null check (state in ('active', 'quarantined', 'revoked')),
      state_reason text,
      run_id uuid,
      run_highest bigint not null default 0,
      run_seen numeric(20) not null default 0,
      run_latest_signed_ms bigint not null default 0,
      last_seen_at timestamptz,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, public_key),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, client_id, token_id) references endpoint_token (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create index endpoint_agent_asset on endpoint_agent (msp_id, client_id, asset_id)`.execute(db);
  await protectTable(db, 'endpoint_agent', { client: 'required' });
  await sql`
    create table endpoint_stream_mark (
      msp_id uuid not null,
      client_id uuid not null,
      agent_id uuid not null,
      stream text not null,
      epoch uuid not null,
      sequence bigint not null,
      updated_at timestamptz not null,
      primary key (msp_id, agent_id, stream, epoch),
      foreign key (msp_id, client_id, agent_id) references endpoint_agent (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'endpoint_stream_mark', { client: 'required' });
}

async function createOrders(db: Kysely<never>): Promise<void> {
  await sql`
    create table endpoint_order (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      agent_id uuid not null,
      kind text not null,
      payload jsonb not null,
      signed jsonb not null,
      reason text not null,
      requested_by uuid not null,
      requested_by_label text not null,
      state text not null check (state in ('queued', 'delivered', 'running', 'succeeded', 'failed', 'timed-out', 'refused', 'interrupted', 'expired', 'cancelled')),
      exit_code integer,
      message text,
      packages jsonb,
      output_bytes bigint not null default 0,
      is_output_truncated boolean not null default false,
      issued_at timestamptz not null,
      expires_at timestamptz not null,
      delivered_at timestamptz,
      started_at timestamptz,
      finished_at timestamptz,
      version integer not null default 1,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, client_id, agent_id) references endpoint_agent (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create index endpoint_order_of_agent on endpoint_order (msp_id, client_id, agent_id, id)`.execute(db);
  await sql`create index endpoint_order_of_asset on endpoint_order (msp_id, client_id, asset_id, id)`.execute(db);
  await sql`create index endpoint_order_waiting on endpoint_order (msp_id, client_id, agent_id) where state = 'queued'`.execute(
    db,
  );
  await sql`create index endpoint_order_open on endpoint_order (msp_id, expires_at) where state in ('queued', 'delivered')`.execute(
    db,
  );
  await protectTable(db, 'endpoint_order', { client: 'required' });
  await sql`
    create table endpoint_order_output (
      msp_id uuid not null,
      client_id uuid not null,
      order_id uuid not null,
      index integer not null,
      channel text not null check (channel in ('stdout', 'stderr')),
      text text not null,
      primary key (msp_id, order_id, index),
      foreign key (msp_id, client_id, order_id) references endpoint_order (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'endpoint_order_output', { client: 'required', access: 'append' });
}
