import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What is known of a problem: its cause, what helps meanwhile, and whether it counts as a known error. The ticket is the rest of it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table problem_record (
      msp_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      root_cause text not null default '',
      workaround text not null default '',
      known_error_at timestamptz,
      version integer not null default 1,
      primary key (msp_id, ticket_id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index problem_record_known on problem_record (msp_id, known_error_at, ticket_id) where known_error_at is not null`.execute(
    db,
  );
  await protectTable(db, 'problem_record', { client: 'required' });
}
