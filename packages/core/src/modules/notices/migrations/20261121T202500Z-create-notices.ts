import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What members of staff are told, each their own. `key` names the cause, so that nobody is told the same twice. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table notice (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      client_id uuid,
      staff_id uuid not null,
      key text not null,
      kind text not null check (kind in ('warning', 'mention', 'assignment', 'approval', 'other')),
      title text not null,
      body text not null,
      path text not null,
      created_at timestamptz not null,
      read_at timestamptz,
      primary key (msp_id, id),
      unique (msp_id, staff_id, key),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await sql`create index notice_of_staff on notice (msp_id, staff_id, created_at, id)`.execute(db);
  await sql`create index notice_unread on notice (msp_id, staff_id) where read_at is null`.execute(db);
  await protectTable(db, 'notice', { client: 'optional' });
}
