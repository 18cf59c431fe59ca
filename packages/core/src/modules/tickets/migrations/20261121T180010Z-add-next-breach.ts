import { sql, type Kysely } from 'kysely';

/**
 * When the first of a ticket's open promises is due, on the ticket itself, so that the queue is paged by it through an index. Tickets to which nothing is due come last, by a moment that
 * stands for never.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table ticket add column next_breach_at timestamptz`.execute(db);
  await sql`
    alter table ticket add column breach_order timestamptz not null
      generated always as (coalesce(next_breach_at, timestamptz '9999-12-31 00:00:00+00')) stored`.execute(db);
  await sql`create index ticket_by_breach on ticket (msp_id, is_open, breach_order, id)`.execute(db);
  await sql`create index ticket_of_client_by_breach on ticket (msp_id, client_id, is_open, breach_order, id)`.execute(
    db,
  );
}
