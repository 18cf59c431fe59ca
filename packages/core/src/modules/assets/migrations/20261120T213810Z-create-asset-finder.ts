import { sql, type Kysely } from 'kysely';

/**
 * Search by any part of a name, host name, serial number, model or address. `like` is not leakproof, so that under a policy no index could serve it: the function
 * runs as `bailiwick_finder`, holds to the scope's settings itself, and answers ids only, which are then read under the policy.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`create index asset_search on asset using gin (search_text gin_trgm_ops)`.execute(db);
  await sql`create policy finder_sees_all on asset for select to bailiwick_finder using (true)`.execute(db);
  await sql`grant select on asset to bailiwick_finder`.execute(db);
  await sql`
    create function asset_find(pattern text, max_rows integer) returns setof uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
      select a.id from public.asset a
      where a.search_text like pattern
        and a.msp_id = (select nullif(current_setting('app.msp_id', true), '')::uuid)
        and case (select coalesce(current_setting('app.reach', true), ''))
          when 'all' then true
          when 'only' then a.client_id in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
          when 'except' then a.client_id not in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
          else false end
      limit max_rows
    $$`.execute(db);
  await sql`revoke execute on function asset_find(text, integer) from public`.execute(db);
  await sql`grant execute on function asset_find(text, integer) to bailiwick_app`.execute(db);
  // A new owner needs the right to create in the schema, for this moment only.
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function asset_find(text, integer) owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
