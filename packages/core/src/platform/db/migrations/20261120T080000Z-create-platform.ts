import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** The schema's rights, and the record of handled events that makes "delivered twice" mean "done once". */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`grant usage on schema public to bailiwick_app, bailiwick_auth, bailiwick_finder`.execute(db);
  await sql`
    create table handled_event (
      msp_id uuid not null,
      handler text not null,
      event_id uuid not null,
      handled_at timestamptz not null default now(),
      primary key (msp_id, handler, event_id)
    )`.execute(db);
  await protectTable(db, 'handled_event', { client: 'none', access: 'append' });
}
