import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Templates of what is to be done on tickets, and the lists on tickets that were made from them. A list is a copy: a later change of its template does not reach it. */
export async function up(db: Kysely<never>): Promise<void> {
  await createTemplate(db);
  await createChecklist(db);
  await createItem(db);
}

async function createTemplate(db: Kysely<never>): Promise<void> {
  await sql`
    create table checklist_template (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      ticket_type text,
      is_automatic boolean not null,
      is_active boolean not null default true,
      items jsonb not null,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await protectTable(db, 'checklist_template', { client: 'none' });
}

async function createChecklist(db: Kysely<never>): Promise<void> {
  await sql`
    create table checklist (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      template_id uuid,
      name text not null,
      added_by text not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, template_id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, template_id) references checklist_template deferrable initially deferred
    )`.execute(db);
  await sql`create index checklist_of_ticket on checklist (msp_id, client_id, ticket_id, created_at, id)`.execute(db);
  await protectTable(db, 'checklist', { client: 'required' });
}

async function createItem(db: Kysely<never>): Promise<void> {
  await sql`
    create table checklist_item (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      checklist_id uuid not null,
      place integer not null,
      title text not null,
      role text not null,
      is_required boolean not null,
      due_at timestamptz,
      done_at timestamptz,
      done_by text,
      version integer not null default 1,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, checklist_id, place),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, client_id, checklist_id) references checklist (msp_id, client_id, id) on update cascade on delete cascade deferrable initially deferred,
      check ((done_at is null) = (done_by is null))
    )`.execute(db);
  await sql`create index checklist_item_of_ticket on checklist_item (msp_id, client_id, ticket_id, checklist_id, place)`.execute(
    db,
  );
  // What a ticket's progress in a list is counted from.
  await sql`create index checklist_item_by_ticket on checklist_item (msp_id, ticket_id) include (done_at, is_required)`.execute(
    db,
  );
  await protectTable(db, 'checklist_item', { client: 'required' });
}
