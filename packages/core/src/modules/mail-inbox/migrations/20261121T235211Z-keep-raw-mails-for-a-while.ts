import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** For how long the bytes of mails are kept. What is known of a mail stays, so that the same one is known when it comes again. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table mail_inbound_keeping (
      msp_id uuid primary key references msp deferrable initially deferred,
      settled_days integer check (settled_days between 1 and 3650),
      quarantined_days integer check (quarantined_days between 1 and 3650),
      version integer not null default 1
    )`.execute(db);
  await protectTable(db, 'mail_inbound_keeping', { client: 'none' });
  await sql`alter table mail_inbound add column raw_removed_at timestamptz, add constraint mail_inbound_waits_whole check (state <> 'waiting' or raw_removed_at is null)`.execute(
    db,
  );
  await sql`create index mail_inbound_prunable on mail_inbound (msp_id, state, settled_at) where raw_removed_at is null and state <> 'waiting'`.execute(
    db,
  );
}
