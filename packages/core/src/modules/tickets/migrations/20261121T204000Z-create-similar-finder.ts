import { sql, type Kysely } from 'kysely';

/**
 * Tickets that are alike by their subject. `pg_trgm` is there since assets are searched by it.
 * Words are looked up first, two of them together, so that a word of half of all tickets costs nothing; of very many candidates a sample is compared. The function runs as
 * `bailiwick_finder`, holds to the scope's settings itself, and answers ids only, which are then read under the policy.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create function ticket_alike(words text, wanted text, besides uuid, max_rows integer) returns table (id uuid, likeness real)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp set gin_fuzzy_search_limit = 2000
    as $$
      select alike.id, alike.likeness from (
        select t.id, similarity(lower(t.subject), lower(wanted)) as likeness
        from (
          select c.id, c.subject from public.ticket c
          where c.search @@ words::tsquery
            and c.msp_id = (select nullif(current_setting('app.msp_id', true), '')::uuid)
            and (select coalesce(current_setting('app.audience', true), '')) in ('staff', 'system')
            and case (select coalesce(current_setting('app.reach', true), ''))
              when 'all' then true
              when 'only' then c.client_id in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
              when 'except' then c.client_id not in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
              else false end
          limit 2000
        ) t where t.id <> besides
      ) alike
      where alike.likeness > 0.25
      order by alike.likeness desc, alike.id desc limit max_rows
    $$`.execute(db);
  await sql`revoke execute on function ticket_alike(text, text, uuid, integer) from public`.execute(db);
  await sql`grant execute on function ticket_alike(text, text, uuid, integer) to bailiwick_app`.execute(db);
  // A new owner needs the right to create in the schema, for this moment only.
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function ticket_alike(text, text, uuid, integer) owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
