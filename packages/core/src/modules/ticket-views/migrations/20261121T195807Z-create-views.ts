import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Views of the queue that people keep, for themselves or for all, and in which order each has them. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_view (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      owner_id uuid not null,
      is_shared boolean not null,
      name text not null,
      settings jsonb not null,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, owner_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await sql`create index ticket_view_of_owner on ticket_view (msp_id, owner_id, id)`.execute(db);
  await sql`create index ticket_view_shared on ticket_view (msp_id, id) where is_shared`.execute(db);
  await protectTable(db, 'ticket_view', { client: 'none' });
  await sql`
    create table ticket_view_order (
      msp_id uuid not null,
      staff_id uuid not null,
      places jsonb not null,
      primary key (msp_id, staff_id),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'ticket_view_order', { client: 'none' });
}
