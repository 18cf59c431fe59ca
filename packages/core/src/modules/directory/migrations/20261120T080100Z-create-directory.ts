import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/**
 * What must be readable before a scope exists, and nothing more: which MSPs there are, and where a secret leads. The application reaches other
 * tenants' rows only through the two functions, one row or a list of ids at a time.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table directory_msp (
      msp_id uuid primary key,
      slug text not null unique,
      host text unique,
      region text not null default 'default',
      state text not null default 'active' check (state in ('active', 'suspended')),
      created_at timestamptz not null default now()
    )`.execute(db);
  await protectTable(db, 'directory_msp', { client: 'none' });
  await sql`
    create table directory_route (
      kind text not null,
      hash bytea not null,
      msp_id uuid not null,
      client_id uuid,
      subject_id uuid not null,
      expires_at timestamptz,
      primary key (kind, hash)
    )`.execute(db);
  await sql`create index directory_route_subject on directory_route (msp_id, kind, subject_id)`.execute(db);
  await protectTable(db, 'directory_route', { client: 'optional' });
  await sql`
    create function directory_find_route(wanted_kind text, wanted_hash bytea)
      returns table (msp_id uuid, client_id uuid, subject_id uuid)
      language sql stable security definer set search_path = public
      as $$ select msp_id, client_id, subject_id from directory_route
            where kind = wanted_kind and hash = wanted_hash and (expires_at is null or expires_at > now()) $$`.execute(
    db,
  );
  await sql`
    create function directory_list_msps() returns table (msp_id uuid, slug text, host text, region text, state text)
      language sql stable security definer set search_path = public
      as $$ select msp_id, slug, host, region, state from directory_msp order by slug $$`.execute(db);
  await sql`revoke all on function directory_find_route(text, bytea), directory_list_msps() from public`.execute(db);
  await sql`grant execute on function directory_find_route(text, bytea), directory_list_msps() to bailiwick_app`.execute(
    db,
  );
}
