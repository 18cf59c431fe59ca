import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What plugins read: the state of each stream, its passes, and the records with their history. */
export async function up(db: Kysely<never>): Promise<void> {
  await createStream(db);
  await createRun(db);
  await createEntity(db);
  await indexEntity(db);
  await createHistory(db);
}

async function createStream(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_stream (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      connection_id uuid not null,
      -- Null where one pass reads the whole account.
      remote_scope_id uuid,
      client_id uuid,
      name text not null,
      entity text not null,
      is_paused boolean not null default false,
      -- Seconds between passes, where the operator chose another rhythm than the plugin's.
      every_seconds integer check (every_seconds >= 30),
      next_at timestamptz not null,
      lease_until timestamptz,
      is_in_pass boolean not null default false,
      generation integer not null default 0,
      cursor jsonb,
      cursor_version integer not null default 1,
      live_count integer not null default 0,
      failures integer not null default 0,
      last_failure text,
      last_message text,
      last_started_at timestamptz,
      last_success_at timestamptz,
      -- A sweep that the guard stopped: how many would have gone. Whoever accepts it names this generation.
      held_back integer,
      is_sweep_accepted boolean not null default false,
      version integer not null default 1,
      primary key (msp_id, id),
      unique nulls not distinct (msp_id, connection_id, remote_scope_id, name),
      foreign key (msp_id, connection_id) references plugin_connection on delete cascade deferrable initially deferred,
      foreign key (msp_id, remote_scope_id) references plugin_scope on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_stream_due on plugin_stream (msp_id, next_at) where not is_paused`.execute(db);
  await protectTable(db, 'plugin_stream', { client: 'optional' });
  // Which records the running pass has seen: one row a batch, so that a pass that finds nothing new writes no record.
  await sql`
    create table plugin_pass_page (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      stream_id uuid not null,
      generation integer not null,
      entity_ids uuid[] not null,
      primary key (msp_id, id),
      foreign key (msp_id, stream_id) references plugin_stream on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_pass_page_stream on plugin_pass_page (msp_id, stream_id)`.execute(db);
  await protectTable(db, 'plugin_pass_page', { client: 'optional' });
}

async function createRun(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_run (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      stream_id uuid not null,
      connection_id uuid not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      outcome text not null check (outcome in ('running', 'succeeded', 'held-back', 'failed', 'stopped')),
      failure text,
      message text,
      batches integer not null default 0,
      added integer not null default 0,
      changed integer not null default 0,
      unchanged integer not null default 0,
      deleted integer not null default 0,
      refused integer not null default 0,
      refusals jsonb not null default '[]',
      primary key (msp_id, id),
      foreign key (msp_id, stream_id) references plugin_stream on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_run_connection on plugin_run (msp_id, connection_id, started_at, id)`.execute(db);
  await sql`create index plugin_run_stream on plugin_run (msp_id, stream_id, started_at, id)`.execute(db);
  await protectTable(db, 'plugin_run', { client: 'optional' });
}

async function createEntity(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_entity (
      msp_id uuid not null,
      id uuid not null,
      -- Null while the scope is in quarantine: no client, portal, alert or invoice sees the record.
      client_id uuid,
      -- The scope's; its own reference holds it.
      connection_id uuid not null,
      remote_scope_id uuid not null,
      stream_id uuid,
      entity text not null,
      external_id text not null,
      name text not null,
      -- The id of the device record that this one belongs to, in the same scope.
      device_ref text,
      data jsonb not null,
      observed jsonb not null,
      hash text not null,
      first_seen_at timestamptz not null,
      changed_at timestamptz not null,
      deleted_at timestamptz,
      -- Not yet applied to assets, alerts and metrics as it is now.
      is_landing_due boolean not null,
      landing_problem text,
      asset_id uuid,
      alert_id uuid,
      version integer not null default 1,
      primary key (msp_id, id),
      -- A scope is of one connection.
      unique (msp_id, remote_scope_id, external_id, entity),
      foreign key (msp_id, remote_scope_id) references plugin_scope on delete cascade deferrable initially deferred,
      foreign key (msp_id, stream_id) references plugin_stream on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, client_id, alert_id) references alert (msp_id, client_id, id) deferrable initially deferred,
      check (asset_id is null or client_id is not null),
      check (alert_id is null or client_id is not null)
    )`.execute(db);
  await protectTable(db, 'plugin_entity', { client: 'optional' });
}

async function indexEntity(db: Kysely<never>): Promise<void> {
  await sql`create index plugin_entity_list on plugin_entity (msp_id, entity, name, id)`.execute(db);
  await sql`create index plugin_entity_client_list on plugin_entity (msp_id, client_id, entity, name, id)`.execute(db);
  await sql`create index plugin_entity_connection_list on plugin_entity (msp_id, connection_id, entity, name, id)`.execute(
    db,
  );
  // Partial, so that a look for a record by its id at the vendor does not take it while the planner knows nothing of the table.
  await sql`create index plugin_entity_device on plugin_entity (msp_id, remote_scope_id, entity, device_ref) where device_ref is not null`.execute(
    db,
  );
  await sql`create index plugin_entity_stream on plugin_entity (msp_id, stream_id) where deleted_at is null`.execute(
    db,
  );
  await sql`create index plugin_entity_asset on plugin_entity (msp_id, asset_id) where asset_id is not null`.execute(
    db,
  );
  await sql`create index plugin_entity_alert on plugin_entity (msp_id, alert_id) where alert_id is not null`.execute(
    db,
  );
  await sql`create index plugin_entity_landing on plugin_entity (msp_id, connection_id, id) where is_landing_due and client_id is not null`.execute(
    db,
  );
}

async function createHistory(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_entity_version (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      entity_id uuid not null,
      at timestamptz not null,
      kind text not null check (kind in ('added', 'changed', 'deleted')),
      data jsonb not null,
      primary key (msp_id, id),
      foreign key (msp_id, entity_id) references plugin_entity on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_entity_version_entity on plugin_entity_version (msp_id, entity_id, at, id)`.execute(db);
  await protectTable(db, 'plugin_entity_version', { client: 'optional' });
}
