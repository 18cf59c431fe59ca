import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What an MSP and its clients agreed, line by line, and the templates that agreements are copied from. */
export async function up(db: Kysely<never>): Promise<void> {
  await createTemplate(db);
  await createAgreement(db);
  await createLine(db);
  await createHoldingFinder(db);
}

async function createTemplate(db: Kysely<never>): Promise<void> {
  await sql`
    create table agreement_template (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      billing_period text not null check (billing_period in ('monthly', 'quarterly', 'yearly')),
      lines jsonb not null,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await protectTable(db, 'agreement_template', { client: 'none' });
}

async function createAgreement(db: Kysely<never>): Promise<void> {
  await sql`
    create table agreement (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      site_id uuid,
      name text not null,
      reference text not null default '',
      state text not null check (state in ('draft', 'active', 'ended')),
      starts_on date not null,
      ends_on date,
      billing_period text not null check (billing_period in ('monthly', 'quarterly', 'yearly')),
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      -- A name, not a reference: the template may change or go, what was copied from it stays.
      template_name text not null default '',
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, site_id) references site (msp_id, client_id, id) deferrable initially deferred,
      check (ends_on is null or ends_on >= starts_on)
    )`.execute(db);
  await sql`create index agreement_by_start on agreement (msp_id, starts_on, id)`.execute(db);
  await sql`create index agreement_of_client_by_start on agreement (msp_id, client_id, starts_on, id)`.execute(db);
  await protectTable(db, 'agreement', { client: 'required' });
}

async function createLine(db: Kysely<never>): Promise<void> {
  await sql`
    create table agreement_line (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      agreement_id uuid not null,
      place smallint not null,
      kind text not null check (kind in ('flat', 'per-device', 'time-and-materials')),
      description text not null,
      -- The catalogue's code and price when the line was agreed: a later price list does not change a contract.
      product_code text not null default '',
      unit_price_minor bigint not null check (unit_price_minor >= 0),
      quantity numeric(12, 3) not null default 1 check (quantity >= 0),
      device_kinds text[] not null default '{}',
      work_types text[] not null default '{}',
      minimum_minutes integer not null default 0 check (minimum_minutes between 0 and 1440),
      round_to_minutes integer not null default 1 check (round_to_minutes between 1 and 480),
      rounding text not null default 'up' check (rounding in ('up', 'nearest')),
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, agreement_id, place),
      foreign key (msp_id, client_id, agreement_id) references agreement (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'agreement_line', { client: 'required' });
}

/**
 * Which agreement holds for a client's site on a day. It may be one of the client's parent, which a reach kept to the client, or a contact who opens a
 * ticket, cannot see: so the function runs as `bailiwick_finder`, answers only for a client that the scope reaches, and gives no more than ids and a
 * name.
 */
async function createHoldingFinder(db: Kysely<never>): Promise<void> {
  await sql`create policy finder_sees_all on agreement for select to bailiwick_finder using (true)`.execute(db);
  await sql`create policy agreement_finder_sees_all on client for select to bailiwick_finder using (true)`.execute(db);
  await sql`grant select on agreement, client to bailiwick_finder`.execute(db);
  await sql`
    create function agreement_find_holding(wanted_client uuid, wanted_site uuid, wanted_day date)
      returns table (agreement_id uuid, agreement_client_id uuid, agreement_name text, starts_on date, is_of_site boolean, depth integer)
      language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
      with recursive scope as (
        select nullif(current_setting('app.msp_id', true), '')::uuid as msp_id,
          coalesce(current_setting('app.reach', true), '') as reach,
          coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[] as client_ids
      ), family as (
        select c.msp_id, c.id, c.parent_id, 0 as depth
        from public.client c, scope s
        where c.msp_id = s.msp_id and c.id = wanted_client
          and case s.reach when 'all' then true when 'only' then c.id = any (s.client_ids) when 'except' then c.id <> all (s.client_ids) else false end
        union all
        select p.msp_id, p.id, p.parent_id, f.depth + 1
        from family f join public.client p on p.msp_id = f.msp_id and p.id = f.parent_id
        where f.depth < 8
      )
      select a.id, a.client_id, a.name, a.starts_on, a.site_id is not null, f.depth
      from family f join public.agreement a on a.msp_id = f.msp_id and a.client_id = f.id
      where a.state <> 'draft' and a.starts_on <= wanted_day and (a.ends_on is null or a.ends_on >= wanted_day)
        and (a.site_id is null or (f.depth = 0 and a.site_id = wanted_site))
      order by f.depth, a.site_id is null, a.starts_on desc, a.id desc
      limit 1
    $$`.execute(db);
  await sql`revoke execute on function agreement_find_holding(uuid, uuid, date) from public`.execute(db);
  await sql`grant execute on function agreement_find_holding(uuid, uuid, date) to bailiwick_app`.execute(db);
  // A new owner needs the right to create in the schema, for this moment only.
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function agreement_find_holding(uuid, uuid, date) owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
