import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Who has a ticket open, and who writes on it: a row for each window of a browser, forgotten soon after it says nothing more. Contacts see none of it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_presence (
      msp_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      staff_id uuid not null,
      window_id uuid not null,
      is_typing boolean not null,
      seen_at timestamptz not null,
      primary key (msp_id, ticket_id, window_id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await sql`create index ticket_presence_by_age on ticket_presence (msp_id, seen_at)`.execute(db);
  await sql`create index ticket_presence_of_client on ticket_presence (msp_id, client_id, ticket_id)`.execute(db);
  await protectTable(db, 'ticket_presence', { client: 'required' });
}
