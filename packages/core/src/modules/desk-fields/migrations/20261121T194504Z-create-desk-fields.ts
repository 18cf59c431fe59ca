import { sql, type Kysely } from 'kysely';
import { audienceSetting, protectTable } from '#platform/db/tenant-table';

/**
 * What an MSP wants to know of its tickets beyond what every ticket has: the fields, their choices, and the values. Contacts see, and fill in, the public ones; a definition is never
 * theirs to write.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await createField(db);
  await createValue(db);
  await createFinder(db);
}

async function createField(db: Kysely<never>): Promise<void> {
  await sql`
    create table desk_field (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      help text not null default '',
      type text not null check (type in ('text', 'long-text', 'number', 'date', 'choice', 'multi-choice', 'checkbox', 'contact', 'asset')),
      -- None is every type.
      ticket_types text[] not null default '{}',
      required_on text not null check (required_on in ('never', 'open', 'resolve')),
      is_public boolean not null,
      max_length integer,
      min_number numeric,
      max_number numeric,
      place integer not null,
      is_active boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id)
    )`.execute(db);
  await sql`create unique index desk_field_name on desk_field (msp_id, lower(name)) where is_active`.execute(db);
  await protectTable(db, 'desk_field', { client: 'none', contacts: 'read' });
  await sql`
    create policy contacts_see_public on desk_field as restrictive for select to bailiwick_app
    using (msp_id = (select nullif(current_setting('app.msp_id', true), '')::uuid) and (is_public or ${audienceSetting} in ('staff', 'system')))`.execute(
    db,
  );
  await sql`
    create table desk_field_choice (
      msp_id uuid not null,
      id uuid not null,
      field_id uuid not null,
      label text not null,
      place integer not null,
      is_active boolean not null default true,
      primary key (msp_id, id),
      foreign key (msp_id, field_id) references desk_field deferrable initially deferred
    )`.execute(db);
  await sql`create index desk_field_choice_of_field on desk_field_choice (msp_id, field_id, place)`.execute(db);
  await protectTable(db, 'desk_field_choice', { client: 'none', contacts: 'read' });
}

async function createValue(db: Kysely<never>): Promise<void> {
  await sql`
    create table desk_field_value (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      field_id uuid not null,
      -- One form for all types; of several choices, a row each.
      value text not null,
      number_value numeric,
      choice_id uuid,
      contact_id uuid,
      asset_id uuid,
      -- What is looked for exactly: as much of a text as an index takes.
      key text not null generated always as (left(value, 100)) stored,
      search tsvector not null generated always as (
        case when coalesce(choice_id, contact_id, asset_id) is null then to_tsvector('simple', value) else ''::tsvector end
      ) stored,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique nulls not distinct (msp_id, client_id, ticket_id, field_id, choice_id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, field_id) references desk_field deferrable initially deferred,
      foreign key (msp_id, choice_id) references desk_field_choice deferrable initially deferred,
      foreign key (msp_id, client_id, contact_id) references contact (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create index desk_field_value_by_key on desk_field_value (msp_id, field_id, key, ticket_id)`.execute(db);
  await sql`create index desk_field_value_of_client_by_key on desk_field_value (msp_id, client_id, field_id, key, ticket_id)`.execute(
    db,
  );
  await sql`create index desk_field_value_by_number on desk_field_value (msp_id, field_id, number_value, ticket_id) where number_value is not null`.execute(
    db,
  );
  await sql`create index desk_field_value_search on desk_field_value using gin (search)`.execute(db);
  await protectTable(db, 'desk_field_value', {
    client: 'required',
    // The definitions are read under their own policy, so that those hidden from contacts hide their values.
    contacts: sql<boolean>`field_id in (select f.id from desk_field f)`,
  });
}

/** Tickets by the words in their fields: as the function for their subjects and comments, with the scope's settings, and ids only. */
async function createFinder(db: Kysely<never>): Promise<void> {
  for (const table of ['desk_field', 'desk_field_value']) {
    const name = sql.table(table);
    await sql`create policy finder_sees_all on ${name} for select to bailiwick_finder using (true)`.execute(db);
    await sql`grant select on ${name} to bailiwick_finder`.execute(db);
  }
  await sql`
    create function desk_field_find(words text, max_rows integer) returns setof uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
      select distinct v.ticket_id from public.desk_field_value v
      where v.search @@ to_tsquery('simple', words)
        and v.msp_id = (select nullif(current_setting('app.msp_id', true), '')::uuid)
        and case (select coalesce(current_setting('app.reach', true), ''))
          when 'all' then true
          when 'only' then v.client_id in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
          when 'except' then v.client_id not in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
          else false end
        and case (select coalesce(current_setting('app.audience', true), ''))
          when 'staff' then true
          when 'system' then true
          when 'client_it' then exists (select from public.desk_field f where f.msp_id = v.msp_id and f.id = v.field_id and f.is_public)
          when 'client' then exists (select from public.desk_field f where f.msp_id = v.msp_id and f.id = v.field_id and f.is_public)
          else false end
      order by v.ticket_id desc limit max_rows
    $$`.execute(db);
  await sql`revoke execute on function desk_field_find(text, integer) from public`.execute(db);
  await sql`grant execute on function desk_field_find(text, integer) to bailiwick_app`.execute(db);
  // A new owner needs the right to create in the schema, for this moment only.
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function desk_field_find(text, integer) owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
