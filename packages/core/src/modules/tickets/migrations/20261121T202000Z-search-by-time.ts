import { sql, type Kysely } from 'kysely';

/**
 * Search that stays quick at a million tickets. A word that every tenth ticket has cannot be looked up and sorted (12 s, tried), so each word is indexed together with where it stands: with
 * its MSP and the days in which its row was written, and with its client. Whoever searches gets the newest days first, ever more of them until there are enough matches: a frequent word is
 * found in the first days, a rare one in few rows of all. A search within some clients goes by client.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await createKeys(db);
  await createSearch(db);
  // Nobody's: neither is longer than a look at the newest rows through this one.
  await sql`create index ticket_unassigned on ticket (msp_id, is_open, updated_at, id) where assignee_id is null`.execute(
    db,
  );
  await sql`create index ticket_of_client_unassigned on ticket (msp_id, client_id, is_open, updated_at, id) where assignee_id is null`.execute(
    db,
  );
}

/** Three days and a bit, read from the milliseconds in which a UUIDv7 begins: at 1,400 tickets a day a frequent word has some hundred rows in it. */
const PERIOD_BITS = 28;

async function createKeys(db: Kysely<never>): Promise<void> {
  await sql`
    create function ticket_search_period(id uuid) returns bigint language sql immutable parallel safe
    return ('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint >> ${sql.raw(String(PERIOD_BITS))}`.execute(
    db,
  );
  await sql`
    create function ticket_search_prefix(kind text, owner uuid, period bigint) returns text language sql immutable parallel safe
    return kind || left(md5(owner::text), 8) || coalesce(to_hex(period), '') || '/'`.execute(db);
  // Joined and split again by functions in C: ten times quicker than word by word. A word longer than any that is looked for is cut, since a key has a limit.
  await sql`
    create function ticket_search_keys(msp_id uuid, client_id uuid, id uuid, search tsvector) returns tsvector
    language plpgsql immutable parallel safe set search_path = pg_catalog, public, pg_temp
    as $$
    declare
      words text := array_to_string(tsvector_to_array(search), e'\\x01');
      by_time text := ticket_search_prefix('m', msp_id, ticket_search_period(id));
      by_client text := ticket_search_prefix('c', client_id, null);
    begin
      if words ~ e'[^\\x01]{200}' then words := regexp_replace(words, e'([^\\x01]{200})[^\\x01]+', '\\1', 'g'); end if;
      return array_to_tsvector(string_to_array(
        by_time || replace(words, e'\\x01', e'\\x01' || by_time) || e'\\x01' || by_client || replace(words, e'\\x01', e'\\x01' || by_client), e'\\x01'));
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
    'ticket_search_period(uuid)',
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
      newest bigint;
      oldest bigint;
      period bigint;
      span integer := 1;
      query text;
      matches uuid[];
      found uuid[] := '{}';
      rows_read integer := 0;
    begin
      if in_msp is null or reach not in ('all', 'only', 'except') or cardinality(words) = 0 then return; end if;
      if reach = 'only' and wanted is null then wanted := listed; end if;
      if cardinality(wanted) > 50 then wanted := null; end if;
      select ticket_search_period(t.id) into oldest from ticket t where t.msp_id = in_msp order by t.id limit 1;
      if oldest is null then return; end if;
      select greatest(ticket_search_period(t.id), (extract(epoch from now()) * 1000)::bigint >> ${sql.raw(String(PERIOD_BITS))}) into newest
        from ticket t where t.msp_id = in_msp order by t.id desc limit 1;
      period := newest;
      loop
        select string_agg('(' || (
            select string_agg('''' || p.prefix || regexp_replace(w, '[''\\\\]', '', 'g') || ''':*', ' & ') from unnest(words) w) || ')', ' | ')
          into query from (
            select ticket_search_prefix('c', c, null) prefix from unnest(wanted) c
            union all
            select ticket_search_prefix('m', in_msp, n) from generate_series(greatest(period - span + 1, oldest), period) n where wanted is null
          ) p;
        if query is null then return; end if;
        select array_agg(hit.id) into matches from (
          select t.id, t.client_id from ticket t
            where ticket_search_keys(t.msp_id, t.client_id, t.id, t.search) @@ query::tsquery and t.msp_id = in_msp
          union all
          select c.ticket_id, c.client_id from ticket_comment c
            where ticket_search_keys(c.msp_id, c.client_id, c.id, c.search) @@ query::tsquery and c.msp_id = in_msp
              and (audience in ('staff', 'system') or (audience = 'client_it' and c.visibility in ('public', 'client_it')) or (audience = 'client' and c.visibility = 'public'))
        ) hit where (reach = 'all' or (reach = 'only') = (hit.client_id = any(listed)));
        rows_read := rows_read + coalesce(cardinality(matches), 0);
        if only_open then
          select array_agg(t.id) into matches from ticket t where t.msp_id = in_msp and t.id = any(matches) and t.is_open;
        end if;
        select array_agg(distinct f) into found from unnest(found || coalesce(matches, '{}')) f;
        found := coalesce(found, '{}');
        period := period - span;
        -- More rows than this are of words that say too little: what is newest has been found.
        exit when wanted is not null or cardinality(found) >= max_rows or period < oldest or rows_read > 20000;
        span := span * 3;
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
