import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Changes of many tickets at once: what is to be changed in whose name, and ticket by ticket how it went and what takes it back. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table bulk_run (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      change jsonb not null,
      state text not null check (state in ('running', 'stopped', 'done', 'undoing', 'undone')),
      reason text,
      staff_id uuid,
      actor_kind text not null,
      actor_id uuid not null,
      actor_label text not null,
      created_at timestamptz not null,
      ended_at timestamptz,
      primary key (msp_id, id),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await sql`create index bulk_run_by_age on bulk_run (msp_id, created_at, id)`.execute(db);
  await protectTable(db, 'bulk_run', { client: 'none' });
  await sql`
    create table bulk_item (
      msp_id uuid not null,
      run_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      place integer not null,
      state text not null check (state in ('waiting', 'changed', 'skipped', 'undone', 'kept')),
      why text,
      undo jsonb,
      primary key (msp_id, run_id, ticket_id),
      foreign key (msp_id, run_id) references bulk_run on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index bulk_item_by_state on bulk_item (msp_id, run_id, state, place)`.execute(db);
  await sql`create index bulk_item_of_ticket on bulk_item (msp_id, client_id, ticket_id)`.execute(db);
  await protectTable(db, 'bulk_item', { client: 'required' });
}
