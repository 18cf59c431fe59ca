import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** People who are at a vendor's consent page for a mailbox. A row serves once and for minutes. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table mailbox_consent_start (
      msp_id uuid not null,
      id uuid not null,
      mailbox_id uuid not null,
      state_hash text not null,
      -- Who was sent to the vendor; nobody else's return is taken.
      actor_id uuid not null,
      sealed_verifier bytea not null,
      expires_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, state_hash),
      foreign key (msp_id, mailbox_id) references mail_mailbox (msp_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index mailbox_consent_start_mailbox on mailbox_consent_start (msp_id, mailbox_id)`.execute(db);
  await sql`create index mailbox_consent_start_end on mailbox_consent_start (msp_id, expires_at)`.execute(db);
  await protectTable(db, 'mailbox_consent_start', { client: 'none' });
}
