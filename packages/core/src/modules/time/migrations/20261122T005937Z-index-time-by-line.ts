import { sql, type Kysely } from 'kysely';

/** A line is drawn from by all clients that its agreement holds for, so a line is what its work is sought by. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`drop index time_entry_of_line`.execute(db);
  await sql`create index time_entry_of_line on time_entry (msp_id, agreement_line_id, started_at) where agreement_line_id is not null`.execute(
    db,
  );
}
