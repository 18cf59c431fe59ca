import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** MSPs, their clients with groups and sites, and people as contacts of clients. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table msp (
      msp_id uuid primary key,
      name text not null,
      slug text not null,
      time_zone text not null,
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      locale text not null default 'en-GB',
      accent_hue smallint not null default 195 check (accent_hue between 0 and 359),
      version integer not null default 1,
      created_at timestamptz not null
    )`.execute(db);
  await protectTable(db, 'msp', { client: 'none', contacts: 'all' });
  await createClient(db);
  await createSite(db);
  await createPeople(db);
  await createGroups(db);
}

async function createClient(db: Kysely<never>): Promise<void> {
  await sql`
    create table client (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      short_code text not null,
      state text not null check (state in ('prospect', 'active', 'suspended', 'archived')),
      is_internal boolean not null default false,
      parent_id uuid,
      bill_to_id uuid,
      merged_into uuid,
      time_zone text not null,
      email_domains text[] not null default '{}',
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, short_code),
      foreign key (msp_id, parent_id) references client deferrable initially deferred,
      foreign key (msp_id, bill_to_id) references client deferrable initially deferred,
      foreign key (msp_id, merged_into) references client deferrable initially deferred,
      check (parent_id <> id),
      check (merged_into <> id)
    )`.execute(db);
  await sql`create unique index client_internal on client (msp_id) where is_internal`.execute(db);
  await sql`create index client_by_name on client (msp_id, lower(name), id)`.execute(db);
  await protectTable(db, 'client', { client: 'self', contacts: 'all' });
}

async function createSite(db: Kysely<never>): Promise<void> {
  await sql`
    create table site (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      name text not null,
      time_zone text not null,
      address text not null default '',
      country text not null default '' check (country ~ '^([A-Z]{2})?$'),
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, client_id, name),
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await sql`create index site_by_name on site (msp_id, name, id)`.execute(db);
  await protectTable(db, 'site', { client: 'required', contacts: 'all' });
}

async function createPeople(db: Kysely<never>): Promise<void> {
  await sql`create table person (msp_id uuid not null references msp deferrable initially deferred, id uuid not null, created_at timestamptz not null, primary key (msp_id, id))`.execute(
    db,
  );
  await protectTable(db, 'person', { client: 'none' });
  await sql`
    create table contact (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      person_id uuid not null,
      site_id uuid,
      name text not null,
      email text not null check (email = lower(email)),
      phone text not null default '',
      portal_role text not null check (portal_role in ('none', 'member', 'manager')),
      is_vip boolean not null default false,
      is_active boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, client_id, email),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, person_id) references person deferrable initially deferred,
      foreign key (msp_id, client_id, site_id) references site (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create index contact_by_email on contact (msp_id, email, id)`.execute(db);
  await sql`create index contact_by_name on contact (msp_id, lower(name), id)`.execute(db);
  await sql`create index contact_of_client_by_name on contact (msp_id, client_id, lower(name), id)`.execute(db);
  await protectTable(db, 'contact', { client: 'required', contacts: 'all' });
}

async function createGroups(db: Kysely<never>): Promise<void> {
  await sql`
    create table client_group (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await protectTable(db, 'client_group', { client: 'none' });
  await sql`
    create table client_group_member (
      msp_id uuid not null,
      client_id uuid not null,
      group_id uuid not null,
      primary key (msp_id, group_id, client_id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, group_id) references client_group on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'client_group_member', { client: 'required' });
}
