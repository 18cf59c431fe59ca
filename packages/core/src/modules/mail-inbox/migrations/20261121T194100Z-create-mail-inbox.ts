import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/**
 * Mailboxes, and the raw mails that came in by them. A mail without a client is for those who reach all clients; it becomes a client's when it is placed. The bytes lie in the database and
 * not in the file store: then one commit keeps a mail or does not, a batch costs one flush to disk, and a backup of the database is whole. They lie beside the row, because lists read it often and
 * bytes once.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await createMailboxes(db);
  await createInbound(db);
}

async function createMailboxes(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_mailbox (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      address text not null,
      kind text not null check (kind in ('imap', 'smtp', 'graph', 'gmail')),
      settings jsonb not null,
      trusted_authserv_id text,
      default_client_id uuid,
      default_queue text,
      state text not null default 'active' check (state in ('active', 'paused', 'removed')),
      cursor jsonb,
      leased_by uuid,
      leased_until timestamptz,
      connected_at timestamptz,
      last_seen_at timestamptz,
      last_mail_at timestamptz,
      last_error text,
      failing_since timestamptz,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, default_client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create unique index mail_mailbox_address on mail_mailbox (msp_id, address) where state <> 'removed'`.execute(
    db,
  );
  await protectTable(db, 'mail_mailbox', { client: 'none' });
  await sql`
    create table mail_mailbox_secret (
      msp_id uuid not null,
      id uuid not null,
      mailbox_id uuid not null,
      name text not null,
      sealed bytea not null,
      updated_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, mailbox_id, name),
      foreign key (msp_id, mailbox_id) references mail_mailbox deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'mail_mailbox_secret', { client: 'none' });
}

async function createInbound(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_inbound (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      mailbox_id uuid not null,
      transport_key text not null,
      sha256 bytea not null,
      size_bytes bigint not null,
      envelope jsonb,
      received_at timestamptz not null,
      stored_at timestamptz not null,
      state text not null check (state in ('waiting', 'placed', 'quarantined', 'ignored')),
      attempts integer not null default 0,
      next_attempt_at timestamptz not null,
      leased_until timestamptz,
      lease_id uuid,
      reason text,
      settled_at timestamptz,
      primary key (msp_id, id),
      unique (msp_id, mailbox_id, transport_key),
      unique (msp_id, mailbox_id, sha256),
      foreign key (msp_id, mailbox_id) references mail_mailbox deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index mail_inbound_waiting on mail_inbound (msp_id, next_attempt_at) where state = 'waiting'`.execute(
    db,
  );
  await sql`create index mail_inbound_states on mail_inbound (msp_id, state, received_at desc, id desc)`.execute(db);
  await sql`create index mail_inbound_client_states on mail_inbound (msp_id, client_id, state, received_at desc, id desc)`.execute(
    db,
  );
  await protectTable(db, 'mail_inbound', { client: 'optional' });
  await sql`
    create table mail_inbound_raw (
      msp_id uuid not null,
      mail_id uuid not null,
      client_id uuid,
      content bytea not null,
      primary key (msp_id, mail_id),
      foreign key (msp_id, mail_id) references mail_inbound on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  // Mail is text in base64 for the most part, which compresses poorly, and uncompressed it can be read in pieces.
  await sql`alter table mail_inbound_raw alter column content set storage external`.execute(db);
  await protectTable(db, 'mail_inbound_raw', { client: 'optional' });
}
