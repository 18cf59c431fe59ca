import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What contacts thought of how a ticket was resolved: asked once for each resolution, by a link in a mail. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table satisfaction_setting (
      msp_id uuid primary key references msp deferrable initially deferred,
      is_on boolean not null,
      pause_days smallint not null check (pause_days between 0 and 365),
      version integer not null default 1
    )`.execute(db);
  await protectTable(db, 'satisfaction_setting', { client: 'none' });
  await sql`
    create table satisfaction_rating (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      resolved_at timestamptz not null,
      contact_id uuid,
      contact_label text not null,
      assignee_id uuid,
      asked_at timestamptz not null,
      score smallint check (score between 1 and 5),
      comment text not null default '',
      rated_at timestamptz,
      version integer not null default 1,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, resolved_at),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade on delete cascade deferrable initially deferred,
      check ((score is null) = (rated_at is null))
    )`.execute(db);
  await sql`create index satisfaction_rating_by_time on satisfaction_rating (msp_id, rated_at, id) where rated_at is not null`.execute(
    db,
  );
  await sql`create index satisfaction_rating_of_client on satisfaction_rating (msp_id, client_id, rated_at, id)`.execute(
    db,
  );
  await sql`create index satisfaction_rating_of_contact on satisfaction_rating (msp_id, contact_id, asked_at)`.execute(
    db,
  );
  await protectTable(db, 'satisfaction_rating', { client: 'required' });
}
