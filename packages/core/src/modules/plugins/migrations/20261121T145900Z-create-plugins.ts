import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Packed plugins that were verified, whose keys are trusted, and which version of which plugin an MSP runs. */
export async function up(db: Kysely<never>): Promise<void> {
  await createPackage(db);
  await createPlugin(db);
  await createVersion(db);
}

async function createPackage(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_publisher (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      -- Pinned when its first plugin is installed; a file that names the publisher under another key is refused.
      public_key text not null,
      pinned_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await protectTable(db, 'plugin_publisher', { client: 'none' });
  await sql`
    create table plugin_package (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      digest text not null,
      storage_key text not null,
      size_bytes integer not null check (size_bytes > 0),
      name text not null,
      version text not null,
      publisher text not null,
      public_key text not null,
      tier text not null check (tier in ('none', 'bronze', 'silver', 'gold')),
      -- As texts, so that fields keep the order in which their author wrote them.
      manifest json not null,
      description json not null,
      received_by text not null,
      received_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, digest)
    )`.execute(db);
  await protectTable(db, 'plugin_package', { client: 'none' });
}

async function createPlugin(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      state text not null check (state in ('enabled', 'disabled', 'removed')),
      version_id uuid not null,
      -- What roll-back goes to.
      previous_version_id uuid,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await protectTable(db, 'plugin', { client: 'none' });
}

async function createVersion(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_version (
      msp_id uuid not null,
      id uuid not null,
      plugin_id uuid not null,
      package_id uuid not null,
      -- What the administrator consented to, word for word.
      consent jsonb not null,
      grants jsonb not null,
      consented_by text not null,
      consented_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, plugin_id, package_id),
      foreign key (msp_id, plugin_id) references plugin (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, package_id) references plugin_package (msp_id, id) deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_version', { client: 'none' });
  await sql`
    alter table plugin add foreign key (msp_id, version_id) references plugin_version (msp_id, id) deferrable initially deferred,
      add foreign key (msp_id, previous_version_id) references plugin_version (msp_id, id) deferrable initially deferred`.execute(
    db,
  );
}
