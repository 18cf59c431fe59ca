import { sql, type Kysely } from 'kysely';

/** Who was told of one cause: a ticket's warnings name them. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index notice_of_key on notice (msp_id, key)`.execute(db);
}
