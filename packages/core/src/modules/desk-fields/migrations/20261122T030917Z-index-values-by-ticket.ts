import { sql, type Kysely } from 'kysely';

/** Each page of a ticket asks for its values; by the index of keys that read half a million rows. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index desk_field_value_of_ticket on desk_field_value (msp_id, ticket_id)`.execute(db);
}
