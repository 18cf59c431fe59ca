import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/**
 * The words of open tickets, few beside all that were ever closed, in a table of their own: most searches are for what is open, and a frequent word is in thousands of closed tickets before
 * the next open one. Triggers keep it, whoever writes.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create function ticket_search_open_keys(msp_id uuid, search tsvector) returns tsvector
    language sql immutable parallel safe return ticket_search_prefixed(search, ticket_search_prefix('o', msp_id, 0))`.execute(
    db,
  );
  await sql`grant execute on function ticket_search_open_keys(uuid, tsvector) to bailiwick_app, bailiwick_finder`.execute(
    db,
  );
  await createOpenWords(db);
  await keepOpenWords(db);
  await createSearchOfOpen(db);
}

const setting = (name: string) => sql`coalesce(current_setting(${sql.lit(`app.${name}`)}, true), '')`;

/** A row for the subject of an open ticket, for each of its comments and for each value of its fields. */
async function createOpenWords(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_open_words (
      msp_id uuid not null,
      -- Of the ticket, the comment or the value.
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      visibility text not null,
      -- Whoever may not see the field finds nothing by its values.
      field_id uuid,
      search tsvector not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index ticket_open_words_of_ticket on ticket_open_words (msp_id, client_id, ticket_id)`.execute(db);
  await sql`create index ticket_open_words_search on ticket_open_words using gin (ticket_search_open_keys(msp_id, search)) with (fastupdate = off)`.execute(
    db,
  );
  await protectTable(db, 'ticket_open_words', { client: 'required', access: 'read' });
  await sql`create policy finder_keeps_all on ticket_open_words to bailiwick_finder using (true) with check (true)`.execute(
    db,
  );
  await sql`grant select, insert, update, delete on ticket_open_words to bailiwick_finder`.execute(db);
  await sql`
    insert into ticket_open_words (msp_id, id, client_id, ticket_id, visibility, field_id, search)
    select t.msp_id, t.id, t.client_id, t.id, 'public', null::uuid, t.search from ticket t where t.is_open
    union all
    select c.msp_id, c.id, c.client_id, c.ticket_id, c.visibility, null, c.search
      from ticket t join ticket_comment c on c.msp_id = t.msp_id and c.client_id = t.client_id and c.ticket_id = t.id where t.is_open
    union all
    select v.msp_id, v.id, v.client_id, v.ticket_id, 'public', v.field_id, v.search
      from ticket t join desk_field_value v on v.msp_id = t.msp_id and v.client_id = t.client_id and v.ticket_id = t.id
      where t.is_open and v.search <> ''`.execute(db);
  // Keys that are checked at commit would keep the table from being altered.
  await sql`set constraints all immediate`.execute(db);
  await sql`set constraints all deferred`.execute(db);
}

/** As the finder, who sees what a contact that closes a ticket does not. */
async function keepOpenWords(db: Kysely<never>): Promise<void> {
  await trigger(
    db,
    'ticket_words_of_ticket',
    sql`
      if tg_op = 'UPDATE' and (old.is_open or not new.is_open) then
        if new.is_open then
          update ticket_open_words w set search = new.search where w.msp_id = new.msp_id and w.id = new.id;
        else
          delete from ticket_open_words w where w.msp_id = new.msp_id and w.ticket_id = new.id and w.client_id in (old.client_id, new.client_id);
        end if;
        return null;
      end if;
      insert into ticket_open_words (msp_id, id, client_id, ticket_id, visibility, field_id, search)
      select new.msp_id, new.id, new.client_id, new.id, 'public', null::uuid, new.search
      union all
      select c.msp_id, c.id, c.client_id, c.ticket_id, c.visibility, null, c.search
        from ticket_comment c where c.msp_id = new.msp_id and c.client_id = new.client_id and c.ticket_id = new.id
      union all
      select v.msp_id, v.id, v.client_id, v.ticket_id, 'public', v.field_id, v.search
        from desk_field_value v where v.msp_id = new.msp_id and v.client_id = new.client_id and v.ticket_id = new.id and v.search <> ''
      on conflict do nothing;
      return null;`,
  );
  await sql`create trigger ticket_words_opened after insert on ticket for each row when (new.is_open) execute function ticket_words_of_ticket()`.execute(
    db,
  );
  await sql`
    create trigger ticket_words_changed after update on ticket for each row
    when (old.is_open is distinct from new.is_open or (new.is_open and old.subject is distinct from new.subject))
    execute function ticket_words_of_ticket()`.execute(db);
  await give(db, 'ticket_words_of_ticket()');
  for (const [table, visibility, field] of [
    ['ticket_comment', sql`new.visibility`, sql`null`],
    ['desk_field_value', sql`'public'`, sql`new.field_id`],
  ] as const) {
    const name = `${table}_open_words`;
    // The first comment of a ticket is there before the ticket, which takes it along.
    await trigger(
      db,
      name,
      sql`
        if tg_op <> 'INSERT' then
          delete from ticket_open_words w where w.msp_id = old.msp_id and w.id = old.id;
        end if;
        if tg_op <> 'DELETE' then
          insert into ticket_open_words (msp_id, id, client_id, ticket_id, visibility, field_id, search)
          select new.msp_id, new.id, t.client_id, new.ticket_id, ${visibility}, ${field}, new.search
          from ticket t where t.msp_id = new.msp_id and t.id = new.ticket_id and t.is_open and new.search <> ''
          on conflict do nothing;
        end if;
        return null;`,
    );
    const on = sql.table(table);
    await sql`create trigger ${sql.ref(`${name}_written`)} after insert or delete on ${on} for each row execute function ${sql.ref(name)}()`.execute(
      db,
    );
    await sql`
      create trigger ${sql.ref(`${name}_changed`)} after update on ${on} for each row
      when (old.ticket_id is distinct from new.ticket_id or old.search is distinct from new.search)
      execute function ${sql.ref(name)}()`.execute(db);
    await give(db, `${name}()`);
  }
}

async function trigger(db: Kysely<never>, name: string, body: ReturnType<typeof sql>): Promise<void> {
  await sql`
    create function ${sql.ref(name)}() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp
    as $$ begin ${body} end $$`.execute(db);
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
 * Open tickets: a frequent word is met while walking the newest rows, any other is looked up. Of clients, all rows are read, since clients have few open tickets; of very many clients as of
 * all.
 */
async function createSearchOfOpen(db: Kysely<never>): Promise<void> {
  const visible = sql`
    w.msp_id = in_msp and (reach = 'all' or (reach = 'only') = (w.client_id = any(listed))) and (wanted is null or w.client_id = any(wanted))
    and w.visibility = any(shown) and (w.field_id is null or ${fieldShown('w')})`;
  await sql`
    create function ticket_search_open(words text[], max_rows integer, of_clients uuid[]) returns setof uuid
    language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan
    as $$
    declare ${SCOPE}
      plain tsquery;
      last uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
      found uuid[] := '{}';
      matches uuid[];
      next uuid;
      met integer;
    begin ${GUARD}
      plain := ${PLAIN};
      if cardinality(wanted) <= 20 then
        return query select distinct w.ticket_id from ticket_open_words w
          where w.client_id = any(wanted) and ${visible} and w.search @@ plain order by 1 desc limit max_rows;
        return;
      end if;
      select count(*) filter (where n.search @@ plain) into met
        from (select w.search from ticket_open_words w where w.msp_id = in_msp order by w.id desc limit 500) n;
      if met < 20 then
        return query select distinct w.ticket_id from ticket_open_words w
          where ticket_search_open_keys(w.msp_id, w.search) @@ (
              select string_agg('''' || ticket_search_prefix('o', in_msp, 0) || k || ''':*', ' & ') from unnest(words) k)::tsquery
            and ${visible}
          order by 1 desc limit max_rows;
        return;
      end if;
      loop
        select array_agg(n.ticket_id), (array_agg(n.id order by n.id))[1], count(*) into matches, next, met from (
          select w.ticket_id, w.id from ticket_open_words w where w.id < last and ${visible} and w.search @@ plain
          order by w.msp_id desc, w.id desc limit 400) n;
        select coalesce(array_agg(distinct f), '{}') into found from unnest(found || matches) f;
        exit when cardinality(found) >= max_rows or met < 400;
        last := next;
      end loop;
      return query select f from unnest(found) f order by f desc limit max_rows;
    end $$`.execute(db);
  await give(db, 'ticket_search_open(text[], integer, uuid[])');
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
