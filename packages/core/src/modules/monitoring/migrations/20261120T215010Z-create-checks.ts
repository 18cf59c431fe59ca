import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Checks of the whole MSP, what clients and machines have otherwise, and what is pending or firing. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table monitoring_watch (
      msp_id uuid primary key references msp deferrable initially deferred,
      listening_since timestamptz not null,
      last_sweep_at timestamptz not null
    )`.execute(db);
  await protectTable(db, 'monitoring_watch', { client: 'none' });
  await createCheck(db);
  await createOverride(db);
  await createState(db);
}

async function createCheck(db: Kysely<never>): Promise<void> {
  await sql`
    create table monitoring_check (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      kind text not null check (kind in ('threshold', 'absence')),
      metric text not null,
      labels jsonb not null,
      comparison text not null check (comparison in ('above', 'below')),
      threshold double precision not null,
      recover_threshold double precision not null,
      for_seconds integer not null check (for_seconds between 0 and 604800),
      severity text not null check (severity in ('info', 'warning', 'critical')),
      is_enabled boolean not null,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  // Readable by every member of staff whatever their reach: an agent's report is judged under the scope of its one client.
  await protectTable(db, 'monitoring_check', { client: 'none' });
}

async function createOverride(db: Kysely<never>): Promise<void> {
  await sql`
    create table monitoring_override (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      asset_id uuid,
      check_id uuid not null,
      is_enabled boolean not null,
      threshold double precision,
      recover_threshold double precision,
      for_seconds integer check (for_seconds between 0 and 604800),
      severity text check (severity in ('info', 'warning', 'critical')),
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique nulls not distinct (msp_id, client_id, check_id, asset_id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, check_id) references monitoring_check on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'monitoring_override', { client: 'required' });
}

async function createState(db: Kysely<never>): Promise<void> {
  await sql`
    create table monitoring_state (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      check_id uuid not null,
      series text not null,
      phase text not null check (phase in ('pending', 'firing')),
      since timestamptz not null,
      last_at timestamptz not null,
      last_value double precision not null,
      primary key (msp_id, asset_id, check_id, series),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, check_id) references monitoring_check on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index monitoring_state_of_check on monitoring_state (msp_id, check_id)`.execute(db);
  await protectTable(db, 'monitoring_state', { client: 'required' });
}
