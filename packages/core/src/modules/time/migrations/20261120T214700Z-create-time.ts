import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Worked time on tickets, what it costs the MSP (apart: row security hides rows, not columns), and running timers. */
export async function up(db: Kysely<never>): Promise<void> {
  await createEntry(db);
  await keepInvoiced(db);
  await createCostAndTimer(db);
}

async function createEntry(db: Kysely<never>): Promise<void> {
  await sql`
    create table time_entry (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      staff_id uuid not null,
      staff_label text not null,
      work_type text not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      worked_minutes integer not null check (worked_minutes between 1 and 1440),
      worked_reason text not null,
      billable_minutes integer not null check (billable_minutes between 0 and 2880),
      billable_reason text not null,
      is_billable_set boolean not null default false,
      invoiced_minutes integer check (invoiced_minutes >= 0),
      invoiced_reason text,
      -- Billing's, which is below this module: no reference. Set, the entry is locked.
      invoice_id uuid,
      note text not null default '',
      visibility text not null check (visibility in ('public', 'internal')),
      agreement_client_id uuid,
      agreement_id uuid,
      agreement_line_id uuid,
      agreement_reason text not null,
      coverage text not null check (coverage in ('included', 'billable', 'not-covered')),
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred,
      foreign key (msp_id, agreement_client_id, agreement_id) references agreement (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, agreement_client_id, agreement_line_id) references agreement_line (msp_id, client_id, id) deferrable initially deferred,
      check ((agreement_id is null) = (agreement_client_id is null)),
      check (agreement_line_id is null or agreement_id is not null),
      check ((invoice_id is null) = (invoiced_minutes is null)),
      check (ended_at is null or ended_at > started_at)
    )`.execute(db);
  await sql`create index time_entry_by_start on time_entry (msp_id, started_at, id)`.execute(db);
  await sql`create index time_entry_of_client_by_start on time_entry (msp_id, client_id, started_at, id)`.execute(db);
  await sql`create index time_entry_of_ticket on time_entry (msp_id, client_id, ticket_id, started_at, id)`.execute(db);
  await sql`create index time_entry_of_staff on time_entry (msp_id, staff_id, started_at, id)`.execute(db);
  await sql`create index time_entry_of_invoice on time_entry (msp_id, client_id, invoice_id) where invoice_id is not null`.execute(
    db,
  );
  await protectTable(db, 'time_entry', { client: 'required' });
}

async function createCostAndTimer(db: Kysely<never>): Promise<void> {
  await sql`
    create table time_cost (
      msp_id uuid not null,
      client_id uuid not null,
      entry_id uuid not null,
      cost_minor bigint not null check (cost_minor >= 0),
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      primary key (msp_id, entry_id),
      foreign key (msp_id, client_id, entry_id) references time_entry (msp_id, client_id, id) on update cascade on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'time_cost', { client: 'required' });
  await sql`
    create table time_timer (
      msp_id uuid not null,
      staff_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      work_type text not null,
      started_at timestamptz not null,
      primary key (msp_id, staff_id),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred,
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'time_timer', { client: 'required' });
}

/** What is on an invoice stays as it was billed, whoever asks, and whichever key would carry it to another client. */
async function keepInvoiced(db: Kysely<never>): Promise<void> {
  await sql`
    create function time_entry_keep_invoiced() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
    begin
      if tg_op = 'DELETE' then
        raise exception 'invoiced time stays' using errcode = '23001', constraint = 'time_entry_invoiced';
      end if;
      if (new.client_id, new.ticket_id, new.worked_minutes, new.billable_minutes) is distinct from (old.client_id, old.ticket_id, old.worked_minutes, old.billable_minutes) then
        raise exception 'invoiced time stays' using errcode = '23001', constraint = 'time_entry_invoiced';
      end if;
      return new;
    end $$`.execute(db);
  await sql`create trigger time_entry_invoiced before update or delete on time_entry for each row when (old.invoice_id is not null) execute function time_entry_keep_invoiced()`.execute(
    db,
  );
}
