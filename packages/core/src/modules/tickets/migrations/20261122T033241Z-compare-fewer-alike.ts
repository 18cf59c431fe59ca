import { sql, type Kysely } from 'kysely';

/**
 * Tickets that are alike are sought among the newest hundred or two that share two words, no longer among five hundred of each seven weeks: reading and comparing that many subjects was most of
 * what a ticket's page cost, for matches that were a tenth likelier.
 */
export async function up(db: Kysely<never>): Promise<void> {
  // Only its owner drops a function, and this one's owner cannot log in.
  await sql`set local role bailiwick_finder`.execute(db);
  await sql`drop function ticket_alike(text, text, uuid, integer)`.execute(db);
  await sql`set local role none`.execute(db);
  const setting = (name: string) => sql`coalesce(current_setting(${sql.lit(`app.${name}`)}, true), '')`;
  await sql`
    create function ticket_alike(words text, wanted text, besides uuid, max_rows integer) returns table (id uuid, likeness real)
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan
    as $$
    #variable_conflict use_column
    declare
      in_msp uuid := nullif(${setting('msp_id')}, '')::uuid;
      reach text := ${setting('reach')};
      listed uuid[] := coalesce(nullif(${setting('client_ids')}, ''), '{}')::uuid[];
      period bigint;
      oldest bigint;
      query tsquery;
      more uuid[];
      candidates uuid[] := '{}';
    begin
      if in_msp is null or reach not in ('all', 'only', 'except') or ${setting('audience')} not in ('staff', 'system') then return; end if;
      select ticket_search_ms(t.id) >> 32 into oldest from ticket t where t.msp_id = in_msp order by t.id limit 1;
      select ticket_search_ms(t.id) >> 32 into period from ticket t where t.msp_id = in_msp order by t.id desc limit 1;
      while period >= oldest loop
        query := regexp_replace(words, '''([^'']+)''', '''' || ticket_search_prefix('w', in_msp, period) || '\\1''', 'g')::tsquery;
        select coalesce(array_agg(c.id), '{}') into more from (
          select t.id from ticket t
          where ticket_search_keys(t.msp_id, t.id, t.search) @@ query and t.msp_id = in_msp and t.id <> besides
            and (reach = 'all' or (reach = 'only') = (t.client_id = any(listed)))
          limit 200) c;
        candidates := candidates || more;
        exit when cardinality(candidates) >= 100;
        period := period - 1;
      end loop;
      return query select alike.id, alike.likeness from (
          select t.id, similarity(lower(t.subject), lower(wanted)) as likeness from ticket t where t.msp_id = in_msp and t.id = any(candidates)
        ) alike
        where alike.likeness > 0.25 order by alike.likeness desc, alike.id desc limit max_rows;
    end $$`.execute(db);
  await sql`revoke execute on function ticket_alike(text, text, uuid, integer) from public`.execute(db);
  await sql`grant execute on function ticket_alike(text, text, uuid, integer) to bailiwick_app`.execute(db);
  // A new owner needs the right to create in the schema, for this moment only.
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function ticket_alike(text, text, uuid, integer) owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
