import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Assets, what tells one from another, what is known of each and since when, and how they depend on each other. */
export async function up(db: Kysely<never>): Promise<void> {
  await createAsset(db);
  await createIdentity(db);
  await createFacts(db);
  await createComponents(db);
  await createSoftware(db);
  await createRelation(db);
}

async function createAsset(db: Kysely<never>): Promise<void> {
  // The sort key is a column: `lower(name)` is not leakproof, so that no page but the first could start inside the index.
  await sql`
    create table asset (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      site_id uuid,
      kind text not null,
      name text not null,
      state text not null default 'active' check (state in ('active', 'archived')),
      is_managed boolean not null default false,
      source text not null,
      hostname text not null default '',
      operating_system text not null default '',
      model text not null default '',
      serial_number text not null default '',
      primary_address text not null default '',
      name_sort text not null generated always as (lower(name)) stored,
      search_text text not null generated always as (lower(name || ' ' || hostname || ' ' || serial_number || ' ' || model || ' ' || operating_system || ' ' || primary_address)) stored,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      constraint asset_client foreign key (msp_id, client_id) references client deferrable initially deferred,
      constraint asset_site foreign key (msp_id, client_id, site_id) references site (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create index asset_by_name on asset (msp_id, name_sort, id)`.execute(db);
  await sql`create index asset_of_client_by_name on asset (msp_id, client_id, name_sort, id)`.execute(db);
  await sql`create index asset_of_site on asset (msp_id, client_id, site_id) where site_id is not null`.execute(db);
  await protectTable(db, 'asset', { client: 'required', contacts: 'all' });
  // A table of its own: it changes each minute for each machine, and must neither rewrite the asset's indexes nor wait for who edits it.
  await sql`
    create table asset_presence (
      msp_id uuid not null,
      asset_id uuid not null,
      client_id uuid not null,
      last_seen_at timestamptz not null default '-infinity',
      primary key (msp_id, asset_id),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred
    ) with (fillfactor = 80)`.execute(db);
  await sql`create index asset_presence_by_time on asset_presence (msp_id, last_seen_at, asset_id)`.execute(db);
  await sql`create index asset_presence_of_client_by_time on asset_presence (msp_id, client_id, last_seen_at, asset_id)`.execute(
    db,
  );
  await protectTable(db, 'asset_presence', { client: 'required', contacts: 'all' });
}

async function createIdentity(db: Kysely<never>): Promise<void> {
  await sql`
    create table asset_evidence (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      kind text not null check (kind in ('source-key', 'smbios-uuid', 'machine-id', 'serial-number', 'mac-address')),
      value text not null,
      source text not null,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      primary key (msp_id, asset_id, kind, value),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index asset_evidence_by_value on asset_evidence (msp_id, client_id, kind, value)`.execute(db);
  await sql`create unique index asset_evidence_source_key on asset_evidence (msp_id, client_id, value) where kind = 'source-key'`.execute(
    db,
  );
  await protectTable(db, 'asset_evidence', { client: 'required' });
  await sql`
    create table asset_unmatched (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      source text not null,
      name text not null,
      evidence jsonb not null,
      evidence_digest text not null,
      candidate_ids uuid[] not null,
      reason text not null,
      asset_id uuid,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      resolved_at timestamptz,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, client_id, source, evidence_digest),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create index asset_unmatched_open on asset_unmatched (msp_id, last_seen_at, id) where resolved_at is null`.execute(
    db,
  );
  await sql`create index asset_unmatched_of_client on asset_unmatched (msp_id, client_id, last_seen_at, id)`.execute(
    db,
  );
  await protectTable(db, 'asset_unmatched', { client: 'required' });
}

async function createFacts(db: Kysely<never>): Promise<void> {
  await sql`
    create table asset_fact (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      field text not null,
      source text not null,
      value jsonb not null,
      confidence smallint not null check (confidence between 0 and 100),
      observed_at timestamptz not null,
      is_locked boolean not null default false,
      locked_by text,
      primary key (msp_id, asset_id, field, source),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'asset_fact', { client: 'required' });
  await sql`
    create table asset_change (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      at timestamptz not null,
      field text not null,
      before jsonb,
      after jsonb,
      source text not null,
      actor_label text,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index asset_change_of_asset on asset_change (msp_id, client_id, asset_id, at, id)`.execute(db);
  await protectTable(db, 'asset_change', { client: 'required', access: 'append' });
}

async function createComponents(db: Kysely<never>): Promise<void> {
  const ofAsset = sql`foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred`;
  const head = sql`msp_id uuid not null, client_id uuid not null, asset_id uuid not null, name text not null`;
  await sql`
    create table asset_disk (${head},
      size_bytes bigint not null, model text not null, serial_number text not null, kind text not null,
      primary key (msp_id, asset_id, name), ${ofAsset})`.execute(db);
  await sql`
    create table asset_filesystem (${head},
      device text not null, type text not null, size_bytes bigint not null, used_bytes bigint not null, available_bytes bigint not null, is_read_only boolean not null,
      primary key (msp_id, asset_id, name), ${ofAsset})`.execute(db);
  await sql`
    create table asset_interface (${head},
      mac_address text not null, mtu bigint, speed_mbit integer, is_up boolean not null, addresses text[] not null,
      primary key (msp_id, asset_id, name), ${ofAsset})`.execute(db);
  await sql`
    create table asset_service (${head},
      description text not null, state text not null, start_mode text not null, changed_at timestamptz not null,
      primary key (msp_id, asset_id, name), ${ofAsset})`.execute(db);
  for (const table of ['asset_disk', 'asset_filesystem', 'asset_interface', 'asset_service'])
    await protectTable(db, table, { client: 'required' });
}

async function createSoftware(db: Kysely<never>): Promise<void> {
  // While `last_seen_at` is null the software is still there: last seen with the asset's latest report. So an unchanged report touches no row here.
  await sql`
    create table asset_software (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      manager text not null,
      name text not null,
      architecture text not null,
      version text not null,
      publisher text not null,
      installed_at timestamptz,
      size_bytes bigint,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz,
      primary key (msp_id, asset_id, manager, name, architecture, version),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index asset_software_by_name on asset_software (msp_id, name collate "C", version) where last_seen_at is null`.execute(
    db,
  );
  await sql`create index asset_software_of_client_by_name on asset_software (msp_id, client_id, name collate "C", version) where last_seen_at is null`.execute(
    db,
  );
  await protectTable(db, 'asset_software', { client: 'required' });
  await sql`
    create table asset_report (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      section text not null check (section in ('inventory', 'software', 'services')),
      source text not null,
      digest text not null,
      reported_at timestamptz not null,
      is_complete boolean not null,
      primary key (msp_id, asset_id, section),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'asset_report', { client: 'required' });
}

async function createRelation(db: Kysely<never>): Promise<void> {
  await sql`
    create table asset_relation (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      to_client_id uuid not null,
      to_asset_id uuid not null,
      kind text not null check (kind in ('runs-on', 'depends-on', 'connected-to', 'powered-by', 'backed-up-by', 'part-of')),
      source text not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, asset_id, to_asset_id, kind),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, to_client_id, to_asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred,
      check (asset_id <> to_asset_id)
    )`.execute(db);
  await sql`create index asset_relation_to on asset_relation (msp_id, to_client_id, to_asset_id)`.execute(db);
  await protectTable(db, 'asset_relation', { client: 'required' });
}
