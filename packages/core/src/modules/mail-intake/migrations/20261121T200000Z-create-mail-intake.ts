import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Which mails belong to which tickets, who else reads along, what waits for a person to place it, and which addresses mail does not reach. Staff only. */
export async function up(db: Kysely<never>): Promise<void> {
  await createSeen(db);
  await createMessage(db);
  await createWatcher(db);
  await createQuarantine(db);
  await createUndeliverable(db);
}

const ofTicket = sql`foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred`;

/** A mail may come twice: by two mailboxes, or after a mailbox was read anew. */
async function createSeen(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_seen (
      msp_id uuid not null references msp deferrable initially deferred,
      digest bytea not null,
      inbound_id uuid not null,
      seen_at timestamptz not null,
      primary key (msp_id, digest)
    )`.execute(db);
  await protectTable(db, 'mail_seen', { client: 'none', access: 'append' });
}

async function createMessage(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_message (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      comment_id uuid,
      direction text not null check (direction in ('in', 'out')),
      kind text not null check (kind in ('message', 'automatic', 'bounce', 'loop', 'reply', 'acknowledgement', 'resolution')),
      inbound_id uuid,
      outbox_id uuid,
      mailbox_id uuid,
      message_id text,
      address text not null,
      name text,
      subject text not null,
      why text[] not null,
      warnings text[] not null,
      at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, inbound_id),
      unique (msp_id, outbox_id),
      check ((direction = 'in') = (outbox_id is null)),
      ${ofTicket}
    )`.execute(db);
  await sql`create index mail_message_of_ticket on mail_message (msp_id, client_id, ticket_id, at)`.execute(db);
  await sql`create index mail_message_by_message_id on mail_message (msp_id, message_id)`.execute(db);
  await sql`create index mail_message_by_address on mail_message (msp_id, address, at)`.execute(db);
  await protectTable(db, 'mail_message', { client: 'required' });
}

async function createWatcher(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_watcher (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      contact_id uuid,
      address text not null,
      name text,
      is_mailed boolean not null,
      added_by text not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, address),
      ${ofTicket}
    )`.execute(db);
  await protectTable(db, 'mail_watcher', { client: 'required' });
}

async function createQuarantine(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_quarantine (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      client_id uuid,
      inbound_id uuid not null,
      mailbox_id uuid,
      state text not null check (state in ('waiting', 'placed', 'discarded')),
      reason text not null,
      address text,
      name text,
      subject text not null,
      preview text not null,
      why text[] not null,
      candidate_client_ids uuid[] not null,
      claimed_ticket_id uuid,
      received_at timestamptz not null,
      ticket_id uuid,
      decided_by text,
      decided_at timestamptz,
      note text,
      version integer not null default 1,
      primary key (msp_id, id),
      unique (msp_id, inbound_id),
      check (ticket_id is null or client_id is not null),
      ${ofTicket}
    )`.execute(db);
  await sql`create index mail_quarantine_by_state on mail_quarantine (msp_id, state, received_at, id)`.execute(db);
  await sql`create index mail_quarantine_of_client_by_state on mail_quarantine (msp_id, client_id, state, received_at, id)`.execute(
    db,
  );
  await protectTable(db, 'mail_quarantine', { client: 'optional' });
}

async function createUndeliverable(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_undeliverable (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      address text not null,
      status text,
      diagnostic text,
      since timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, client_id, address),
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'mail_undeliverable', { client: 'required' });
}
