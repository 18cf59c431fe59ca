import { sql, type Kysely } from 'kysely';

/**
 * Search without keys of each client's words, which were most of an index of 6 GB at a million tickets: what a client wrote last is read through, and what is older found among everybody's. Custom
 * fields are found by days and weeks too. Of several words only the rare ones are looked up. Two indexes and two functions that nothing asks any more go.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await dropOld(db);
  await createKeys(db);
  await createSearch(db);
}

// Periods are powers of two of the milliseconds in which a UUIDv7 begins.
/** 3.1 days: at 1,400 tickets a day a frequent word has some hundred rows in it. */
const DAYS = 28;
/** 50 days: ten years are 73 of them. */
const WEEKS = 32;
const bits = (count: number) => sql.raw(String(count));
const setting = (name: string) => sql`coalesce(current_setting(${sql.lit(`app.${name}`)}, true), '')`;

const NEAR = ['ticket', 'ticket_comment', 'desk_field_value'] as const;

async function dropOld(db: Kysely<never>): Promise<void> {
  // Only its owner drops a function, and this one's owner cannot log in.
  await sql`set local role bailiwick_finder`.execute(db);
  for (const signature of [
    'ticket_find(text, integer)',
    'desk_field_find(text, integer)',
    'ticket_search(text[], integer, uuid[], boolean)',
  ])
    await sql`drop function ${sql.raw(signature)}`.execute(db);
  await sql`set local role none`.execute(db);
  await sql`drop index ticket_comment_search, desk_field_value_search, ticket_search_near, ticket_comment_search_near`.execute(
    db,
  );
  await sql`drop function ticket_search_keys(uuid, uuid, uuid, tsvector)`.execute(db);
}

async function createKeys(db: Kysely<never>): Promise<void> {
  // Joined and split again by functions in C: ten times quicker than word by word. A word longer than any that is looked for is cut, since a key has a limit.
  await sql`
    create function ticket_search_prefixed(search tsvector, variadic prefixes text[]) returns tsvector
    language plpgsql immutable parallel safe set search_path = pg_catalog, public, pg_temp
    as $$
    declare
      words text := array_to_string(tsvector_to_array(search), e'\\x01');
      keys text := '';
      one text;
    begin
      if words ~ e'[^\\x01]{200}' then words := regexp_replace(words, e'([^\\x01]{200})[^\\x01]+', '\\1', 'g'); end if;
      foreach one in array prefixes loop
        keys := keys || one || replace(words, e'\\x01', e'\\x01' || one) || e'\\x01';
      end loop;
      return array_to_tsvector(string_to_array(rtrim(keys, e'\\x01'), e'\\x01'));
    end $$`.execute(db);
  await sql`
    create function ticket_search_keys(msp_id uuid, id uuid, search tsvector) returns tsvector
    language sql immutable parallel safe
    return ticket_search_prefixed(search, ticket_search_prefix('d', msp_id, ticket_search_ms(id) >> ${bits(DAYS)}),
      ticket_search_prefix('w', msp_id, ticket_search_ms(id) >> ${bits(WEEKS)}))`.execute(db);
  for (const signature of ['ticket_search_prefixed(tsvector, text[])', 'ticket_search_keys(uuid, uuid, tsvector)'])
    await sql`grant execute on function ${sql.raw(signature)} to bailiwick_app, bailiwick_finder`.execute(db);
  for (const table of NEAR)
    // No list of pending rows: each search would read it through.
    await sql`create index ${sql.ref(`${table}_search_near`)} on ${sql.table(table)} using gin (ticket_search_keys(msp_id, id, search)) with (fastupdate = off)`.execute(
      db,
    );
}

/** The words as a query of all that begin so. */
const PLAIN = sql`(select string_agg('''' || w || ''':*', ' & ') from unnest(words) w)::tsquery`;
/** What every search begins with. */
const SCOPE = sql`
      in_msp uuid := nullif(${setting('msp_id')}, '')::uuid;
      reach text := ${setting('reach')};
      listed uuid[] := coalesce(nullif(${setting('client_ids')}, ''), '{}')::uuid[];
      is_staff boolean := ${setting('audience')} in ('staff', 'system');
      shown text[] := case ${setting('audience')}
        when 'client' then '{public}'::text[] when 'client_it' then '{public,client_it}'::text[] else '{public,client_it,internal}'::text[] end;
      wanted uuid[] := of_clients;`;
const GUARD = sql`
      if in_msp is null or reach not in ('all', 'only', 'except') or ${setting('audience')} not in ('staff', 'system', 'client', 'client_it') then return; end if;
      words := array(select regexp_replace(w, '[''\\\\]', '', 'g') from unnest(words) w where w <> '');
      if cardinality(words) = 0 then return; end if;
      if reach = 'only' then
        wanted := case when wanted is null then listed else array(select w from unnest(wanted) w where w = any(listed)) end;
      end if;`;
/** A field that contacts do not see is staff's. */
const fieldShown = (alias: string) =>
  sql`(is_staff or exists (select from desk_field f where f.msp_id = in_msp and f.id = ${sql.ref(`${alias}.field_id`)} and f.is_public))`;

/**
 * All tickets: the newest six periods of days, then weeks, ever more of them at a time while they give little. Of several words only the rarer ones are looked up, and the others compared:
 * looking up a word that every tenth row has costs more than all the rest.
 */
async function createSearch(db: Kysely<never>): Promise<void> {
  const source = (table: (typeof NEAR)[number], columns: ReturnType<typeof sql>, condition: ReturnType<typeof sql>) =>
    sql`select ${columns} from ${sql.table(table)} s where s.msp_id = in_msp and ${condition}`;
  const inReach = sql`(reach = 'all' or (reach = 'only') = (s.client_id = any(listed)))`;
  const ofEach = (columns: (table: string) => ReturnType<typeof sql>, condition: ReturnType<typeof sql>) => sql`
    ${source('ticket', columns('ticket'), sql`${condition}`)}
    union all
    ${source('ticket_comment', columns('ticket_comment'), sql`${condition} and s.visibility = any(shown)`)}
    union all
    ${source('desk_field_value', columns('desk_field_value'), sql`${condition} and ${fieldShown('s')}`)}`;
  const ticketId = (table: string) => (table === 'ticket' ? sql`s.id` : sql`s.ticket_id`);
  const newest = (table: (typeof NEAR)[number], condition: ReturnType<typeof sql>) => sql`
    select n.* from unnest(wanted) c cross join lateral (
      ${source(table, sql`${ticketId(table)} as ticket_id, (s.search @@ plain) is true as is_match, row_number() over (order by s.id desc) = of_each as is_cut`, sql`s.client_id = c and ${condition}`)}
      order by s.id desc limit of_each) n`;
  const ofClients = sql`
        select coalesce(array_agg(n.ticket_id) filter (where n.is_match), '{}'), coalesce(bool_or(n.is_cut), false) into found, is_cut from (
          ${newest('ticket', inReach)} union all ${newest('ticket_comment', sql`${inReach} and s.visibility = any(shown)`)}
          union all ${newest('desk_field_value', sql`${inReach} and ${fieldShown('s')}`)}) n;
        found := array(select distinct f from unnest(found) f);`;
  await sql`
    create function ticket_search(words text[], max_rows integer, of_clients uuid[]) returns setof uuid
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan
    as $$
    declare ${SCOPE}
      plain tsquery;
      rarer text[];
      kind text := 'd';
      period bigint;
      oldest bigint;
      span integer := 1;
      covered integer := 0;
      query tsquery;
      matches uuid[];
      found uuid[] := '{}';
      met integer;
      rows_read integer := 0;
      of_each integer;
      -- Whether there is more than was read through.
      is_cut boolean := true;
    begin ${GUARD}
      plain := ${PLAIN};
      if cardinality(wanted) <= 20 then
        of_each := 4000 / greatest(cardinality(wanted), 1);
        ${ofClients}
      end if;
      if cardinality(found) < max_rows and is_cut then
        select ticket_search_ms(t.id) >> ${bits(WEEKS)} into oldest from ticket t where t.msp_id = in_msp order by t.id limit 1;
        select greatest(ticket_search_ms(t.id), (extract(epoch from now()) * 1000)::bigint) >> ${bits(DAYS)} into period
          from ticket t where t.msp_id = in_msp order by t.id desc limit 1;
        rarer := words;
        if cardinality(words) > 1 then
          select array_agg(k.w) into rarer from (
            select w, n.rows, min(n.rows) over () as fewest from unnest(words) w cross join lateral (
              select count(*) as rows from (
                select from ticket_comment s where s.msp_id = in_msp and ticket_search_keys(s.msp_id, s.id, s.search) @@ (
                  '''' || ticket_search_prefix('d', in_msp, period) || w || ''':* | ''' || ticket_search_prefix('d', in_msp, period - 1) || w || ''':*')::tsquery
                limit 500) few) n) k
          where k.rows <= 10 * k.fewest + 10;
        end if;
        while period >= oldest << (case kind when 'd' then ${bits(WEEKS - DAYS)} else 0 end) loop
          select string_agg('(' || (
              select string_agg('''' || ticket_search_prefix(kind, in_msp, p) || w || ''':*', ' & ') from unnest(rarer) w) || ')', ' | ')::tsquery
            into query from generate_series(period - span + 1, period) p;
          select coalesce(array_agg(hit.ticket_id) filter (where wanted is null or hit.client_id = any(wanted)), '{}'), count(*) into matches, met from (
            ${ofEach((table) => sql`${ticketId(table)} as ticket_id, s.client_id`, sql`ticket_search_keys(s.msp_id, s.id, s.search) @@ query and ${inReach} and (s.search @@ plain) is true`)}
          ) hit;
          rows_read := rows_read + met;
          select coalesce(array_agg(distinct f), '{}') into found from unnest(found || matches) f;
          -- More rows than this are of words that say too little: what is newest has been found.
          exit when cardinality(found) >= max_rows or rows_read > case when wanted is null then 10000 else 5000 end;
          period := period - span;
          covered := covered + span;
          if kind = 'd' and covered >= 6 then
            period := period >> ${bits(WEEKS - DAYS)};
            kind := 'w';
            span := case when rows_read < 50 then 4 else 1 end;
          elsif kind = 'd' then
            if met < 50 then span := 6 - covered; end if;
          elsif met < 500 then
            span := least(span * 2, 16);
          end if;
        end loop;
        -- Too frequent to pick a client's out of everybody's: the client's are read further back.
        if cardinality(wanted) <= 20 and cardinality(found) < max_rows and rows_read > 5000 then
          matches := found;
          of_each := 30000 / cardinality(wanted);
          ${ofClients}
          found := array(select distinct f from unnest(found || matches) f);
        end if;
      end if;
      return query select f from unnest(found) f order by f desc limit max_rows;
    end $$`.execute(db);
  await give(db, 'ticket_search(text[], integer, uuid[])');
}

/** Makes a function the finder's, for the application to call. */
async function give(db: Kysely<never>, signature: string): Promise<void> {
  const name = sql.raw(signature);
  await sql`revoke execute on function ${name} from public`.execute(db);
  await sql`grant execute on function ${name} to bailiwick_app`.execute(db);
  // A new owner needs the right to create in the schema, for this moment only.
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function ${name} owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
