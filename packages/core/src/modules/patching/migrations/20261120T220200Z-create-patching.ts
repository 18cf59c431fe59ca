import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Updates, which machines wait for them, who decided what, and what came of installing them. */
export async function up(db: Kysely<never>): Promise<void> {
  await createCatalogue(db);
  await createPending(db);
  await createDecisions(db);
  await createInstalls(db);
}

async function createCatalogue(db: Kysely<never>): Promise<void> {
  await sql`
    create table patch_update (
      msp_id uuid not null,
      id uuid not null,
      manager text not null,
      name text not null,
      version text not null,
      is_security boolean not null,
      origin text not null,
      first_seen_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, manager, name, version),
      foreign key (msp_id) references msp deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'patch_update', { client: 'none' });
}

async function createPending(db: Kysely<never>): Promise<void> {
  await sql`
    create table patch_status (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      manager text not null,
      checked_at timestamptz not null,
      lists_fetched_at timestamptz,
      error text,
      is_reboot_required boolean not null,
      reboot_reasons text[] not null,
      pending_count integer not null,
      security_count integer not null,
      primary key (msp_id, asset_id),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index patch_status_by_urgency on patch_status (msp_id, security_count, pending_count, asset_id)`.execute(
    db,
  );
  await sql`create index patch_status_of_client_by_urgency on patch_status (msp_id, client_id, security_count, pending_count, asset_id)`.execute(
    db,
  );
  await protectTable(db, 'patch_status', { client: 'required', contacts: 'all' });
  await sql`
    create table patch_pending (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      update_id uuid not null,
      current_version text not null,
      architecture text not null,
      first_seen_at timestamptz not null,
      primary key (msp_id, asset_id, update_id),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, update_id) references patch_update deferrable initially deferred
    )`.execute(db);
  await sql`create index patch_pending_by_update on patch_pending (msp_id, update_id, client_id, asset_id)`.execute(db);
  await sql`create index patch_pending_of_client on patch_pending (msp_id, client_id, update_id)`.execute(db);
  await protectTable(db, 'patch_pending', { client: 'required' });
}

async function createDecisions(db: Kysely<never>): Promise<void> {
  const body = sql`
    update_id uuid not null,
    decision text not null check (decision in ('approve', 'reject', 'defer')),
    reason text not null,
    actor_id uuid not null,
    actor_label text not null,
    decided_at timestamptz not null,
    expires_at timestamptz,
    ended_at timestamptz,
    primary key (msp_id, id),
    foreign key (msp_id, update_id) references patch_update deferrable initially deferred`;
  // A table of its own: rows without a client in a client's table are hidden from staff of a narrow reach, and a rejection for all must bind them as well.
  await sql`create table patch_global_decision (msp_id uuid not null, id uuid not null, ${body})`.execute(db);
  await sql`create unique index patch_global_decision_current on patch_global_decision (msp_id, update_id) where ended_at is null`.execute(
    db,
  );
  await protectTable(db, 'patch_global_decision', { client: 'none' });
  await sql`
    create table patch_decision (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      asset_id uuid,
      ${body},
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create unique index patch_decision_current on patch_decision (msp_id, update_id, client_id, asset_id) nulls not distinct where ended_at is null`.execute(
    db,
  );
  await protectTable(db, 'patch_decision', { client: 'required' });
}

async function createInstalls(db: Kysely<never>): Promise<void> {
  await sql`
    create table patch_batch (
      msp_id uuid not null,
      id uuid not null,
      reason text not null,
      asset_count integer not null,
      client_count integer not null,
      actor_id uuid not null,
      actor_label text not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id) references msp deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'patch_batch', { client: 'none', access: 'append' });
  await sql`
    create table patch_install (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      batch_id uuid not null,
      order_id uuid not null,
      state text not null,
      message text,
      reason text not null,
      actor_label text not null,
      created_at timestamptz not null,
      finished_at timestamptz,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, order_id),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, batch_id) references patch_batch deferrable initially deferred
    )`.execute(db);
  await sql`create index patch_install_by_time on patch_install (msp_id, created_at, id)`.execute(db);
  await sql`create index patch_install_of_client_by_time on patch_install (msp_id, client_id, created_at, id)`.execute(
    db,
  );
  await sql`create index patch_install_of_asset on patch_install (msp_id, client_id, asset_id, created_at)`.execute(db);
  await sql`create index patch_install_of_batch on patch_install (msp_id, batch_id)`.execute(db);
  await protectTable(db, 'patch_install', { client: 'required', contacts: 'all' });
  await sql`
    create table patch_result (
      msp_id uuid not null,
      client_id uuid not null,
      install_id uuid not null,
      update_id uuid not null,
      outcome text not null,
      version_after text,
      message text,
      primary key (msp_id, install_id, update_id),
      foreign key (msp_id, client_id, install_id) references patch_install (msp_id, client_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, update_id) references patch_update deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'patch_result', { client: 'required' });
}
