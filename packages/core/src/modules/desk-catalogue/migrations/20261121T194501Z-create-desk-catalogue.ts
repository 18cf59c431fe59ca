import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** By what a ticket gets its priority, and the tree of categories. Contacts open tickets too, so both are readable to them; no operation of theirs shows the matrix. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table desk_matrix (
      msp_id uuid primary key references msp deferrable initially deferred,
      -- Impact 1 with urgency 1, 2, 3, then impact 2, then impact 3.
      cells smallint[] not null check (array_length(cells, 1) = 9),
      vip_steps smallint not null check (vip_steps between 0 and 3),
      version integer not null default 1
    )`.execute(db);
  await protectTable(db, 'desk_matrix', { client: 'none', contacts: 'read' });
  await sql`
    create table desk_category (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      parent_id uuid,
      name text not null,
      depth smallint not null check (depth between 1 and 3),
      -- None is every type.
      ticket_types text[] not null default '{}',
      is_active boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, parent_id) references desk_category deferrable initially deferred,
      check (parent_id is distinct from id),
      check ((parent_id is null) = (depth = 1))
    )`.execute(db);
  await sql`create unique index desk_category_name on desk_category (msp_id, parent_id, lower(name)) nulls not distinct`.execute(
    db,
  );
  await protectTable(db, 'desk_category', { client: 'none', contacts: 'read' });
}
