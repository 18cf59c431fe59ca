import { sql, type Kysely } from 'kysely';

/**
 * Search that stays quick at a million tickets. A word that every tenth ticket has cannot be looked up and sorted (12 s, tried), so each word is indexed together with where it stands: with
 * its MSP and the days, and the weeks, in which its row was written, and with its client and the season. Whoever searches gets the newest days first, then weeks, until there are enough
 * matches: a frequent word is found in the first days, a rare one in few rows of all. A search within some clients goes by client.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await createKeys(db);
  await createSearch(db);
  // An index on the assignee cannot give nobody's in order.
  await sql`create index ticket_unassigned on ticket (msp_id, is_open, updated_at, id) where assignee_id is null`.execute(
    db,
  );
  await sql`create index ticket_of_client_unassigned on ticket (msp_id, client_id, is_open, updated_at, id) where assignee_id is null`.execute(
    db,
  );
}

// Periods are powers of two of the milliseconds in which a UUIDv7 begins.
/** 3.1 days: at 1,400 tickets a day a frequent word has some hundred rows in it. */
const DAYS = 28;
/** 50 days: ten years are 73 of them. */
const WEEKS = 32;
/** 99 days. */
const SEASON = 33;
const bits = (count: number) => sql.raw(String(count));

async function createKeys(db: Kysely<never>): Promise<void> {
  await sql`
    create function ticket_search_ms(id uuid) returns bigint language sql immutable parallel safe
    return ('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint`.execute(db);
  await sql`
    create function ticket_search_prefix(kind text, owner uuid, period bigint) returns text language sql immutable parallel safe
    return kind || left(md5(owner::text), 8) || to_hex(period) || '/'`.execute(db);
  // Joined and split again by functions in C: ten times quicker than word by word. A word longer than any that is looked for is cut, since a key has a limit.
  await sql`
    create function ticket_search_keys(msp_id uuid, client_id uuid, id uuid, search tsvector) returns tsvector
    language plpgsql immutable parallel safe set search_path = pg_catalog, public, pg_temp
    as $$
    declare
      words text := array_to_string(tsvector_to_array(search), e'\\x01');
      ms bigint := ticket_search_ms(id);
      d text := ticket_search_prefix('d', msp_id, ms >> ${bits(DAYS)});
      w text := ticket_search_prefix('w', msp_id, ms >> ${bits(WEEKS)});
      c text := ticket_search_prefix('c', client_id, ms >> ${bits(SEASON)});
    begin
      if words ~ e'[^\\x01]{200}' then words := regexp_replace(words, e'([^\\x01]{200})[^\\x01]+', '\\1', 'g'); end if;
      return array_to_tsvector(string_to_array(
        d || replace(words, e'\\x01', e'\\x01' || d) || e'\\x01' || w || replace(words, e'\\x01', e'\\x01' || w)
          || e'\\x01' || c || replace(words, e'\\x01', e'\\x01' || c), e'\\x01'));
    end $$`.execute(db);
  for (const table of ['ticket', 'ticket_comment']) {
    const name = sql.raw(`${table}_search_near`);
    // No list of pending rows: each search would read it through.
    await sql`create index ${name} on ${sql.table(table)} using gin (ticket_search_keys(msp_id, client_id, id, search)) with (fastupdate = off)`.execute(
      db,
    );
  }
  for (const signature of [
    'ticket_search_keys(uuid, uuid, uuid, tsvector)',
    'ticket_search_ms(uuid)',
    'ticket_search_prefix(text, uuid, bigint)',
  ])
    await sql`grant execute on function ${sql.raw(signature)} to bailiwick_app, bailiwick_finder`.execute(db);
}

async function createSearch(db: Kysely<never>): Promise<void> {
  const setting = (name: string) => sql`coalesce(current_setting(${sql.lit(`app.${name}`)}, true), '')`;
  await sql`
    create function ticket_search(words text[], max_rows integer, of_clients uuid[], only_open boolean) returns setof uuid
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
    declare
      in_msp uuid := nullif(${setting('msp_id')}, '')::uuid;
      reach text := ${setting('reach')};
      listed uuid[] := coalesce(nullif(${setting('client_ids')}, ''), '{}')::uuid[];
      audience text := ${setting('audience')};
      wanted uuid[] := of_clients;
      -- Where it looks next: the newest six periods of days, then weeks; by client, seasons.
      step_bits integer := ${bits(DAYS)};
      period bigint;
      oldest_ms bigint;
      newest_ms bigint;
      looks integer := 0;
      query tsquery;
      matches uuid[];
      found uuid[] := '{}';
      rows_read integer := 0;
    begin
      if in_msp is null or reach not in ('all', 'only', 'except') or cardinality(words) = 0 then return; end if;
      if reach = 'only' and wanted is null then wanted := listed; end if;
      if cardinality(wanted) > 50 then wanted := null; end if;
      if wanted is not null then step_bits := ${bits(SEASON)}; end if;
      select ticket_search_ms(t.id) into oldest_ms from ticket t where t.msp_id = in_msp order by t.id limit 1;
      if oldest_ms is null then return; end if;
      select greatest(ticket_search_ms(t.id), (extract(epoch from now()) * 1000)::bigint) into newest_ms
        from ticket t where t.msp_id = in_msp order by t.id desc limit 1;
      period := newest_ms >> step_bits;
      loop
        select string_agg('(' || (
            select string_agg('''' || p.prefix || regexp_replace(w, '[''\\\\]', '', 'g') || ''':*', ' & ') from unnest(words) w) || ')', ' | ')::tsquery
          into query from (
            select ticket_search_prefix('c', c, period) prefix from unnest(wanted) c
            union all
            select ticket_search_prefix(case step_bits when ${bits(DAYS)} then 'd' else 'w' end, in_msp, period) where wanted is null
          ) p;
        if query is null then return; end if;
        select array_agg(hit.id) into matches from (
          (select t.id from ticket t
            where ticket_search_keys(t.msp_id, t.client_id, t.id, t.search) @@ query and t.msp_id = in_msp
              and (reach = 'all' or (reach = 'only') = (t.client_id = any(listed)))
            limit 2000)
          union all
          (select c.ticket_id from ticket_comment c
            where ticket_search_keys(c.msp_id, c.client_id, c.id, c.search) @@ query and c.msp_id = in_msp
              and (reach = 'all' or (reach = 'only') = (c.client_id = any(listed)))
              and (audience in ('staff', 'system') or (audience = 'client_it' and c.visibility in ('public', 'client_it')) or (audience = 'client' and c.visibility = 'public'))
            limit 2000)
        ) hit;
        if matches is not null then
          rows_read := rows_read + cardinality(matches);
          if only_open then
            select array_agg(t.id) into matches from ticket t where t.msp_id = in_msp and t.id = any(matches) and t.is_open;
          end if;
          select coalesce(array_agg(distinct f), '{}') into found from unnest(found || matches) f;
        end if;
        -- More rows than this are of words that say too little: what is newest has been found.
        exit when cardinality(found) >= max_rows or rows_read > 10000 or period <= oldest_ms >> step_bits;
        period := period - 1;
        looks := looks + 1;
        if step_bits = ${bits(DAYS)} and looks = 6 then
          period := period >> ${bits(WEEKS - DAYS)};
          step_bits := ${bits(WEEKS)};
        end if;
      end loop;
      return query select f from unnest(found) f order by f desc limit max_rows;
    end $$`.execute(db);
  const signature = sql.raw('ticket_search(text[], integer, uuid[], boolean)');
  await sql`revoke execute on function ${signature} from public`.execute(db);
  await sql`grant execute on function ${signature} to bailiwick_app`.execute(db);
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function ${signature} owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
