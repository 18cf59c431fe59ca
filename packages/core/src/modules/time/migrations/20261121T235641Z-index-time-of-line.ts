import { sql, type Kysely } from 'kysely';

/** What was drawn from a line of hours that were bought ahead is summed over all of its life. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index time_entry_of_line on time_entry (msp_id, client_id, agreement_line_id, started_at) where agreement_line_id is not null`.execute(
    db,
  );
}
