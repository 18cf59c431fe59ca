import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Tickets that open themselves again and again, and one row for each occurrence: that row is what makes it happen once. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table recurring_ticket (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      name text not null,
      rule text not null,
      starts_at text not null,
      time_zone text not null,
      calendar_id uuid,
      template jsonb not null,
      checklist_template_id uuid,
      is_paused boolean not null default false,
      -- The wall clock of the next occurrence, and the instant at which it is; null where none comes any more.
      next_local text,
      next_at timestamptz,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, calendar_id) references sla_calendar deferrable initially deferred,
      foreign key (msp_id, checklist_template_id) references checklist_template deferrable initially deferred,
      check ((next_local is null) = (next_at is null))
    )`.execute(db);
  await sql`create index recurring_ticket_by_name on recurring_ticket (msp_id, lower(name), id)`.execute(db);
  await sql`create index recurring_ticket_of_client_by_name on recurring_ticket (msp_id, client_id, lower(name), id)`.execute(
    db,
  );
  await sql`create index recurring_ticket_due on recurring_ticket (msp_id, next_at) where not is_paused and next_at is not null`.execute(
    db,
  );
  await protectTable(db, 'recurring_ticket', { client: 'required' });
  await sql`
    create table recurring_run (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      recurring_id uuid not null,
      occurrence text not null,
      outcome text not null check (outcome in ('opened', 'skipped', 'refused')),
      reason text not null,
      ticket_id uuid,
      at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, recurring_id, occurrence),
      foreign key (msp_id, client_id, recurring_id) references recurring_ticket (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index recurring_run_newest on recurring_run (msp_id, client_id, recurring_id, at, id)`.execute(db);
  await protectTable(db, 'recurring_run', { client: 'required' });
}
