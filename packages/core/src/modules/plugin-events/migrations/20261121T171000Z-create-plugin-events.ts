import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What vendors deliver by themselves, and what plugins are told. */
export async function up(db: Kysely<never>): Promise<void> {
  await createWebhook(db);
  await createDelivery(db);
  await createEventDelivery(db);
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
      -- The address before this one is taken until then.
      previous_until timestamptz,
      received bigint not null default 0,
      refused bigint not null default 0,
      refused_in_row integer not null default 0,
      unroutable bigint not null default 0,
      last_received_at timestamptz,
      last_refused_at timestamptz,
      last_refusal text,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, connection_id, name),
      foreign key (msp_id, connection_id) references plugin_connection on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'plugin_webhook', { client: 'optional' });
}

async function createDelivery(db: Kysely<never>): Promise<void> {
  // As it was verified: headers without secrets, query, body. Sealed, since nobody but its plugin needs to read it, and dropped once it is done.
  await sql`
    create table plugin_delivery (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      connection_id uuid not null,
      webhook_id uuid not null,
      scope_id uuid,
      sealed_delivery bytea,
      size_bytes integer not null,
      state text not null check (state in ('waiting', 'done', 'quarantined', 'unroutable', 'failed')),
      message text not null default '',
      result jsonb not null default '{}',
      attempts integer not null default 0,
      -- When a waiting one has its next turn; null while its connection is off.
      next_at timestamptz,
      lease_until timestamptz,
      received_at timestamptz not null,
      ended_at timestamptz,
      primary key (msp_id, id),
      foreign key (msp_id, webhook_id) references plugin_webhook on delete cascade deferrable initially deferred,
      foreign key (msp_id, connection_id) references plugin_connection on delete cascade deferrable initially deferred,
      foreign key (msp_id, scope_id) references plugin_scope on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_delivery_of_connection on plugin_delivery (msp_id, connection_id, received_at, id)`.execute(
    db,
  );
  await sql`create index plugin_delivery_of_webhook on plugin_delivery (msp_id, webhook_id, received_at, id)`.execute(
    db,
  );
  await sql`create index plugin_delivery_by_time on plugin_delivery (msp_id, received_at)`.execute(db);
  await sql`create index plugin_delivery_waiting on plugin_delivery (msp_id, next_at) where state = 'waiting'`.execute(
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
  await sql`create index plugin_delivery_key_by_time on plugin_delivery_key (msp_id, expires_at)`.execute(db);
  await protectTable(db, 'plugin_delivery_key', { client: 'optional' });
}

async function createEventDelivery(db: Kysely<never>): Promise<void> {
  await sql`
    create table plugin_event_delivery (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      connection_id uuid not null,
      scope_id uuid,
      subscriber text not null,
      event_id uuid not null,
      event_name text not null,
      event jsonb not null,
      state text not null check (state in ('waiting', 'done', 'dropped', 'failed')),
      message text not null default '',
      attempts integer not null default 0,
      next_at timestamptz,
      lease_until timestamptz,
      created_at timestamptz not null,
      ended_at timestamptz,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique nulls not distinct (msp_id, connection_id, subscriber, scope_id, event_id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, connection_id) references plugin_connection on delete cascade deferrable initially deferred,
      foreign key (msp_id, scope_id) references plugin_scope on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index plugin_event_delivery_of_connection on plugin_event_delivery (msp_id, connection_id, created_at, id)`.execute(
    db,
  );
  await sql`create index plugin_event_delivery_of_client on plugin_event_delivery (msp_id, client_id, created_at, id)`.execute(
    db,
  );
  await sql`create index plugin_event_delivery_by_time on plugin_event_delivery (msp_id, created_at, id)`.execute(db);
  await sql`create index plugin_event_delivery_waiting on plugin_event_delivery (msp_id, next_at) where state = 'waiting'`.execute(
    db,
  );
  await protectTable(db, 'plugin_event_delivery', { client: 'required' });
}
