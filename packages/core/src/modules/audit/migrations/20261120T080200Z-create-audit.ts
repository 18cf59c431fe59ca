import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/**
 * The trail. Entries are inserted with the action and sealed later, in batches, by one worker for each MSP: a chain head locked by every action would cut
 * throughput by ten. The chain covers a salted digest of the payload, so that a payload can be erased by law and the chain still holds.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table audit_entry (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid,
      at timestamptz not null,
      actor_kind text not null,
      actor_id uuid not null,
      actor_label text not null,
      action text not null,
      subject_kind text not null,
      subject_id uuid not null,
      summary text not null,
      before jsonb,
      after jsonb,
      ip inet,
      user_agent text,
      request_id text not null,
      is_client_visible boolean not null default false,
      salt bytea not null,
      digest bytea not null,
      primary key (msp_id, id)
    )`.execute(db);
  await sql`create index audit_entry_client on audit_entry (msp_id, client_id, id)`.execute(db);
  await sql`create index audit_entry_subject on audit_entry (msp_id, subject_kind, subject_id, id)`.execute(db);
  await protectTable(db, 'audit_entry', {
    client: 'optional',
    contacts: sql<boolean>`is_client_visible`,
    access: 'append',
  });
}
