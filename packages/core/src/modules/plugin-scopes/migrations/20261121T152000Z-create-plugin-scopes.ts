import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** The partitions of vendors' accounts, which client each belongs to and why, and what tells a client from others. */
export async function up(db: Kysely<never>): Promise<void> {
  await createScope(db);
  await createMappingEvent(db);
  await createKey(db);
  await createDiscovery(db);
}

async function createScope(db: Kysely<never>): Promise<void> {
  // What people decided and whether the vendor still lists it are two things: a scope that comes back is mapped as it was.
  await sql`
    create table plugin_scope (
      msp_id uuid not null,
      id uuid not null,
      connection_id uuid not null,
      client_id uuid,
      site_id uuid,
      external_id text not null,
      name text not null,
      kind text not null,
      parent_external_id text,
      valid_until timestamptz,
      is_accessible boolean not null default true,
      hints jsonb not null default '[]',
      mapping text not null default 'unmapped' check (mapping in ('unmapped', 'suggested', 'mapped', 'ignored', 'conflict')),
      presence text not null default 'listed' check (presence in ('listed', 'lost', 'expired')),
      state text not null generated always as (case when presence = 'listed' then mapping else presence end) stored,
      -- Clients that the evidence speaks for while nobody has decided: one where suggested, several in a conflict.
      candidate_ids uuid[] not null default '{}',
      declined_ids uuid[] not null default '{}',
      evidence jsonb not null default '[]',
      -- False once a person took a mapping back or declined one: from then on evidence suggests, and maps nothing by itself.
      is_automatic boolean not null default true,
      reads_enabled boolean not null default false,
      actions_enabled boolean not null default false,
      name_sort text not null generated always as (lower(name)) stored,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      decided_at timestamptz,
      decided_by text,
      version integer not null default 1,
      primary key (msp_id, id),
      unique (msp_id, connection_id, external_id),
      foreign key (msp_id, connection_id) references plugin_connection (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, site_id) references site (msp_id, client_id, id) deferrable initially deferred,
      check (site_id is null or client_id is not null),
      check ((mapping = 'mapped') = (client_id is not null)),
      check (client_id is not null or not (reads_enabled or actions_enabled))
    )`.execute(db);
  await sql`create index plugin_scope_of_connection on plugin_scope (msp_id, connection_id, name_sort, id)`.execute(db);
  await sql`create index plugin_scope_by_name on plugin_scope (msp_id, name_sort, id)`.execute(db);
  await sql`create index plugin_scope_of_client_by_name on plugin_scope (msp_id, client_id, name_sort, id)`.execute(db);
  await sql`create index plugin_scope_by_end on plugin_scope (msp_id, valid_until) where valid_until is not null`.execute(
    db,
  );
  await protectTable(db, 'plugin_scope', { client: 'optional' });
}

async function createMappingEvent(db: Kysely<never>): Promise<void> {
  // `client_id` is the client that the event speaks of, the former one where a mapping ended, so that nobody reads of another's past.
  await sql`
    create table plugin_scope_mapping_event (
      msp_id uuid not null,
      id uuid not null,
      scope_id uuid not null,
      client_id uuid,
      at timestamptz not null,
      kind text not null check (kind in ('found', 'renamed', 'suggested', 'conflict', 'mapped', 'unmapped', 'ignored', 'restored', 'declined', 'lost', 'returned', 'expired', 'switched')),
      actor_label text not null,
      reason text not null,
      evidence jsonb not null default '[]',
      primary key (msp_id, id),
      foreign key (msp_id, scope_id) references plugin_scope on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_scope_mapping_event_of_scope on plugin_scope_mapping_event (msp_id, scope_id, at, id)`.execute(
    db,
  );
  await protectTable(db, 'plugin_scope_mapping_event', { client: 'optional', access: 'append' });
}

async function createKey(db: Kysely<never>): Promise<void> {
  // No reference to the scope that taught the key: a connection may be removed and made again, the client's tenant id stays its own.
  await sql`
    create table plugin_scope_key (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      kind text not null check (kind in ('tenant-id', 'domain', 'tax-id', 'customer-number')),
      namespace text not null default '',
      value text not null,
      learned_from uuid,
      created_at timestamptz not null,
      created_by text not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, client_id, kind, namespace, value),
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_scope_key_by_value on plugin_scope_key (msp_id, kind, namespace, value)`.execute(db);
  await protectTable(db, 'plugin_scope_key', { client: 'required' });
}

async function createDiscovery(db: Kysely<never>): Promise<void> {
  // `client_id` is the connection's owner.
  await sql`
    create table plugin_scope_discovery (
      msp_id uuid not null,
      connection_id uuid not null,
      client_id uuid,
      state text not null check (state in ('waiting', 'running', 'done', 'refused', 'failed')),
      started_at timestamptz,
      finished_at timestamptz,
      succeeded_at timestamptz,
      message text not null default '',
      counts jsonb not null default '{}',
      primary key (msp_id, connection_id),
      foreign key (msp_id, connection_id) references plugin_connection (msp_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_scope_discovery', { client: 'optional' });
}
