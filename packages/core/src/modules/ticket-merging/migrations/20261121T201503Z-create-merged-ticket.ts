import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What was merged into what, and what went along, so that a merge can be taken back. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table merged_ticket (
      msp_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      into_ticket_id uuid not null,
      at timestamptz not null,
      before_status text not null,
      moved jsonb not null,
      primary key (msp_id, ticket_id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, client_id, into_ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index merged_ticket_into on merged_ticket (msp_id, client_id, into_ticket_id)`.execute(db);
  await protectTable(db, 'merged_ticket', { client: 'required' });
}
