import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Entries keep the parts that they were rated in, and what reverses them; timers pause; weeks are handed in and approved. */
export async function up(db: Kysely<never>): Promise<void> {
  await widenEntry(db);
  await keepInvoicedWhole(db);
  await pauseTimers(db);
  await createSheet(db);
  await lockSheet(db);
}

async function widenEntry(db: Kysely<never>): Promise<void> {
  await sql`
    alter table time_entry
      drop constraint time_entry_worked_minutes_check,
      drop constraint time_entry_billable_minutes_check,
      drop constraint time_entry_invoiced_minutes_check,
      add column parts jsonb not null default '[]',
      add column distance_meters integer check (distance_meters between 0 and 5000000),
      add column reverses_entry_id uuid,
      add column reversal_reason text not null default '',
      add foreign key (msp_id, client_id, reverses_entry_id) references time_entry (msp_id, client_id, id) on update cascade deferrable initially deferred,
      add check (case when reverses_entry_id is null then worked_minutes between 1 and 1440 and billable_minutes between 0 and 2880
        else worked_minutes between -1440 and -1 and billable_minutes between -2880 and 0 and reversal_reason <> '' end)`.execute(
    db,
  );
  await sql`create unique index time_entry_reversed_once on time_entry (msp_id, client_id, reverses_entry_id) where reverses_entry_id is not null`.execute(
    db,
  );
}

/** Of what is on an invoice only the claim itself may change: it is given back when the invoice goes. */
async function keepInvoicedWhole(db: Kysely<never>): Promise<void> {
  await sql`
    create or replace function time_entry_keep_invoiced() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
    declare
      claim constant text[] := array['invoice_id', 'invoiced_minutes', 'invoiced_reason', 'version'];
    begin
      if tg_op = 'DELETE' or (to_jsonb(new) - claim) is distinct from (to_jsonb(old) - claim) then
        raise exception 'invoiced time stays' using errcode = '23001', constraint = 'time_entry_invoiced';
      end if;
      return new;
    end $$`.execute(db);
}

async function pauseTimers(db: Kysely<never>): Promise<void> {
  await sql`
    alter table time_timer
      drop constraint time_timer_pkey,
      add primary key (msp_id, staff_id, ticket_id),
      alter column started_at drop not null,
      add column spans jsonb not null default '[]',
      add check (started_at is not null or jsonb_array_length(spans) > 0)`.execute(db);
  await sql`create unique index time_timer_running on time_timer (msp_id, staff_id) where started_at is not null`.execute(
    db,
  );
}

async function createSheet(db: Kysely<never>): Promise<void> {
  await sql`
    create table time_sheet (
      msp_id uuid not null,
      id uuid not null,
      staff_id uuid not null,
      week_start date not null check (extract(isodow from week_start) = 1),
      time_zone text not null,
      state text not null check (state in ('open', 'submitted', 'approved', 'returned')),
      submitted_at timestamptz,
      decided_at timestamptz,
      decided_by text not null default '',
      note text not null default '',
      version integer not null default 1,
      primary key (msp_id, id),
      unique (msp_id, staff_id, week_start),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await sql`create index time_sheet_by_week on time_sheet (msp_id, week_start, id)`.execute(db);
  await protectTable(db, 'time_sheet', { client: 'none' });
  await sql`
    create table time_staff (
      msp_id uuid not null,
      staff_id uuid not null,
      time_zone text not null,
      day_minutes integer not null default 480 check (day_minutes between 0 and 1440),
      primary key (msp_id, staff_id),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'time_staff', { client: 'none' });
}

/** A week that was handed in stays as it was handed in, whatever asks; a reversal is billing's, and goes into the week in which it is made. */
async function lockSheet(db: Kysely<never>): Promise<void> {
  await sql`
    create function time_entry_keep_sheet() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
    declare
      entry time_entry := case when tg_op = 'DELETE' then old else new end;
    begin
      if entry.reverses_entry_id is null and exists (
        select 1 from time_sheet s
        where s.msp_id = entry.msp_id and s.staff_id = entry.staff_id and s.state in ('submitted', 'approved')
          and ((entry.started_at at time zone s.time_zone)::date between s.week_start and s.week_start + 6
            or (tg_op = 'UPDATE' and (old.started_at at time zone s.time_zone)::date between s.week_start and s.week_start + 6))
        for share
      ) then
        raise exception 'the week is handed in' using errcode = '23001', constraint = 'time_entry_sheet';
      end if;
      return entry;
    end $$`.execute(db);
  await sql`create trigger time_entry_sheet_insert before insert or delete on time_entry for each row execute function time_entry_keep_sheet()`.execute(
    db,
  );
  await sql`
    create trigger time_entry_sheet_update before update on time_entry for each row
    when ((new.started_at, new.worked_minutes, new.staff_id) is distinct from (old.started_at, old.worked_minutes, old.staff_id))
    execute function time_entry_keep_sheet()`.execute(db);
}
