import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What contacts fill in for a kind of request: its words, what the ticket is filed under, and which custom fields it asks for. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table request_form (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      description text not null default '',
      ticket_type text not null check (ticket_type in ('incident', 'request')),
      category_id uuid,
      place integer not null,
      is_active boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, category_id) references desk_category (msp_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create unique index request_form_name on request_form (msp_id, lower(name)) where is_active`.execute(db);
  await protectTable(db, 'request_form', { client: 'none', contacts: 'read' });
  await sql`
    create table request_form_field (
      msp_id uuid not null,
      id uuid not null,
      form_id uuid not null,
      field_id uuid not null,
      is_required boolean not null,
      place integer not null,
      primary key (msp_id, id),
      unique (msp_id, form_id, field_id),
      foreign key (msp_id, form_id) references request_form deferrable initially deferred,
      foreign key (msp_id, field_id) references desk_field deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'request_form_field', { client: 'none', contacts: 'read' });
}
