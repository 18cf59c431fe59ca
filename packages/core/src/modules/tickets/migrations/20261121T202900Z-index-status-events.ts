import { sql, type Kysely } from 'kysely';

/** Reports ask which tickets were resolved in some days, also those that are open again. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index ticket_event_resolved on ticket_event (msp_id, at) include (ticket_id, client_id, from_value, to_value)
    where kind = 'status' and to_value in ('resolved', 'closed')`.execute(db);
  await sql`create index ticket_event_of_client_resolved on ticket_event (msp_id, client_id, at) include (ticket_id, from_value, to_value)
    where kind = 'status' and to_value in ('resolved', 'closed')`.execute(db);
}
