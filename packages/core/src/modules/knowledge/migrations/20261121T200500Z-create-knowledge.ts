import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

const MSP = sql`(select nullif(current_setting('app.msp_id', true), '')::uuid)`;
const ACTOR = sql`(select nullif(current_setting('app.actor_id', true), '')::uuid)`;

/** Articles for colleagues, for some clients or for everybody, with their earlier versions and what readers thought of them. */
export async function up(db: Kysely<never>): Promise<void> {
  await createArticle(db);
  await createClients(db);
  await createAround(db);
  await createFinder(db);
}

async function createArticle(db: Kysely<never>): Promise<void> {
  // A cast to `regconfig` is not immutable, and a column of it would stop pg_upgrade: so each language is written out.
  const vector = (config: string) => sql`
    setweight(to_tsvector(${sql.lit(config)}, title), 'A') || setweight(to_tsvector('simple', title), 'A')
    || setweight(to_tsvector(${sql.lit(config)}, left(body, 200000)), 'C')`;
  await sql`
    create table knowledge_category (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await protectTable(db, 'knowledge_category', { client: 'none', contacts: 'read' });
  await sql`
    create table knowledge_article (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      title text not null,
      audience text not null check (audience in ('internal', 'client', 'public')),
      state text not null check (state in ('draft', 'published', 'archived')),
      language text not null check (language in ('en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'xx')),
      category_id uuid,
      html text not null,
      body text not null,
      author_label text not null,
      review_on date,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      published_at timestamptz,
      search tsvector not null generated always as (case language
        when 'en' then ${vector('english')}
        when 'de' then ${vector('german')}
        when 'fr' then ${vector('french')}
        when 'es' then ${vector('spanish')}
        when 'it' then ${vector('italian')}
        when 'nl' then ${vector('dutch')}
        when 'pt' then ${vector('portuguese')}
        else ${vector('simple')} end) stored,
      primary key (msp_id, id),
      foreign key (msp_id, category_id) references knowledge_category deferrable initially deferred
    )`.execute(db);
  await sql`create index knowledge_article_by_update on knowledge_article (msp_id, updated_at, id)`.execute(db);
  await sql`create index knowledge_article_search on knowledge_article using gin (search)`.execute(db);
  await protectTable(db, 'knowledge_article', {
    client: 'none',
    contacts: sql<boolean>`state = 'published' and audience <> 'internal'`,
  });
}

/** For which clients an article is. It is seen by who sees one of them: staff who reach no client of it have no such article. */
async function createClients(db: Kysely<never>): Promise<void> {
  await sql`
    create table knowledge_article_client (
      msp_id uuid not null,
      client_id uuid not null,
      article_id uuid not null,
      primary key (msp_id, article_id, client_id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, article_id) references knowledge_article on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index knowledge_article_of_client on knowledge_article_client (msp_id, client_id, article_id)`.execute(
    db,
  );
  await protectTable(db, 'knowledge_article_client', { client: 'required', contacts: 'read' });
  const isReached = sql`msp_id = ${MSP} and (audience <> 'client' or exists (
    select 1 from knowledge_article_client c where c.msp_id = knowledge_article.msp_id and c.article_id = knowledge_article.id))`;
  await sql`create policy client_scope on knowledge_article as restrictive to bailiwick_app using (${isReached}) with check (${isReached})`.execute(
    db,
  );
  // What a contact sees it does not write.
  const isStaff = sql`msp_id = ${MSP} and (select coalesce(current_setting('app.audience', true), '')) in ('staff', 'system')`;
  for (const action of ['insert', 'update', 'delete'] as const) {
    const clause =
      action === 'insert'
        ? sql`with check (${isStaff})`
        : action === 'update'
          ? sql`using (${isStaff}) with check (${isStaff})`
          : sql`using (${isStaff})`;
    await sql`create policy ${sql.raw(`staff_${action}s`)} on knowledge_article as restrictive for ${sql.raw(action)} to bailiwick_app ${clause}`.execute(
      db,
    );
  }
}

async function createAround(db: Kysely<never>): Promise<void> {
  const isOfArticle = (table: string) =>
    sql`msp_id = ${MSP} and exists (select 1 from knowledge_article a where a.msp_id = ${sql.ref(`${table}.msp_id`)} and a.id = ${sql.ref(`${table}.article_id`)})`;
  await sql`
    create table knowledge_version (
      msp_id uuid not null,
      article_id uuid not null,
      number integer not null,
      title text not null,
      html text not null,
      by_label text not null,
      at timestamptz not null,
      primary key (msp_id, article_id, number),
      foreign key (msp_id, article_id) references knowledge_article on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'knowledge_version', { client: 'none', access: 'append' });
  await sql`
    create table knowledge_vote (
      msp_id uuid not null,
      article_id uuid not null,
      actor_id uuid not null,
      is_helpful boolean not null,
      at timestamptz not null,
      primary key (msp_id, article_id, actor_id),
      foreign key (msp_id, article_id) references knowledge_article on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'knowledge_vote', { client: 'none', contacts: sql<boolean>`actor_id = ${ACTOR}` });
  for (const table of ['knowledge_version', 'knowledge_vote'])
    await sql`create policy article_scope on ${sql.table(table)} as restrictive to bailiwick_app using (${isOfArticle(table)}) with check (${isOfArticle(table)})`.execute(
      db,
    );
}

/**
 * Articles by their words, the best first. `@@` is not leakproof, so that under a policy no index could serve it: the function runs as `bailiwick_finder`, holds to
 * the scope's settings itself and answers ids only, which are then read under the policies. `is_any` finds what has some of the words: for suggestions.
 */
async function createFinder(db: Kysely<never>): Promise<void> {
  for (const table of ['knowledge_article', 'knowledge_article_client']) {
    const name = sql.table(table);
    await sql`create policy finder_sees_all on ${name} for select to bailiwick_finder using (true)`.execute(db);
    await sql`grant select on ${name} to bailiwick_finder`.execute(db);
  }
  await sql`
    create function knowledge_find(words text, is_any boolean, max_rows integer) returns table (id uuid, place bigint)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
      with language (code, query) as (
        select l.code, case when is_any
          then nullif(replace(plainto_tsquery(l.config, words)::text, ' & ', ' | '), '')::tsquery
          else websearch_to_tsquery(l.config, words) || websearch_to_tsquery('simple', words) end
        from (values ('en', 'english'::regconfig), ('de', 'german'), ('fr', 'french'), ('es', 'spanish'), ('it', 'italian'),
          ('nl', 'dutch'), ('pt', 'portuguese'), ('xx', 'simple')) l (code, config)
      ), found as (
        select a.id, ts_rank_cd('{0.05, 0.1, 0.4, 1.0}', a.search, l.query, 1) as rank
        from language l join public.knowledge_article a on a.search @@ l.query and a.language = l.code
        where a.msp_id = (select nullif(current_setting('app.msp_id', true), '')::uuid)
          and case (select coalesce(current_setting('app.audience', true), ''))
            when 'staff' then true
            when 'system' then true
            when 'client_it' then a.state = 'published' and a.audience <> 'internal'
            when 'client' then a.state = 'published' and a.audience <> 'internal'
            else false end
          and (a.audience <> 'client' or exists (
            select 1 from public.knowledge_article_client c
            where c.msp_id = a.msp_id and c.article_id = a.id and case (select coalesce(current_setting('app.reach', true), ''))
              when 'all' then true
              when 'only' then c.client_id in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
              when 'except' then c.client_id not in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
              else false end))
      )
      select found.id, row_number() over (order by found.rank desc, found.id desc) from found
      order by found.rank desc, found.id desc limit max_rows
    $$`.execute(db);
  await sql`revoke execute on function knowledge_find(text, boolean, integer) from public`.execute(db);
  await sql`grant execute on function knowledge_find(text, boolean, integer) to bailiwick_app`.execute(db);
  // A new owner needs the right to create in the schema, for this moment only.
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function knowledge_find(text, boolean, integer) owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
