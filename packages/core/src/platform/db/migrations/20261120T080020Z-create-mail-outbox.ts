import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Mail on its way out: a row is written with what it tells of, and a job delivers it. Staff and system only. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_outbox (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      purpose text not null,
      state text not null check (state in ('queued', 'sent', 'failed')),
      message_id text not null,
      recipients jsonb not null,
      from_name text not null,
      reply_to text,
      subject text not null,
      body_text text not null,
      body_html text,
      in_reply_to text,
      reference_ids text[] not null default '{}',
      is_secret boolean not null,
      is_erased boolean not null default false,
      attempts integer not null default 0,
      leased_until timestamptz,
      next_attempt_at timestamptz not null,
      last_error text,
      delivered_by text check (delivered_by in ('smtp', 'folder')),
      created_at timestamptz not null,
      sent_at timestamptz,
      primary key (msp_id, id)
    )`.execute(db);
  await sql`create index mail_outbox_of_client on mail_outbox (msp_id, client_id, id)`.execute(db);
  await sql`create index mail_outbox_due on mail_outbox (msp_id, next_attempt_at) where state = 'queued'`.execute(db);
  await protectTable(db, 'mail_outbox', { client: 'optional' });
  await sql`
    create table mail_attachment (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      mail_id uuid not null,
      place smallint not null,
      file_name text not null,
      content_type text not null,
      size_bytes integer not null,
      content bytea not null,
      primary key (msp_id, id),
      unique (msp_id, mail_id, place),
      foreign key (msp_id, mail_id) references mail_outbox on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index mail_attachment_of_client on mail_attachment (msp_id, client_id, id)`.execute(db);
  await protectTable(db, 'mail_attachment', { client: 'optional' });
}
