import { sql, type Kysely } from 'kysely';

/**
 * Search by the words of subjects and comments. `@@` is not leakproof, so that under a policy no index could serve it: the function runs as
 * `bailiwick_finder`, holds to the scope's settings itself (a contact finds nothing by the words of an internal note), and answers ids only, which are then
 * read under the policy. The newest `max_rows` by id.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const table of ['ticket', 'ticket_comment']) {
    const name = sql.table(table);
    await sql`create policy finder_sees_all on ${name} for select to bailiwick_finder using (true)`.execute(db);
    await sql`grant select on ${name} to bailiwick_finder`.execute(db);
  }
  const inScope = (alias: string) => sql`
    ${sql.ref(`${alias}.msp_id`)} = (select nullif(current_setting('app.msp_id', true), '')::uuid)
    and case (select coalesce(current_setting('app.reach', true), ''))
      when 'all' then true
      when 'only' then ${sql.ref(`${alias}.client_id`)} in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
      when 'except' then ${sql.ref(`${alias}.client_id`)} not in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
      else false end`;
  await sql`
    create function ticket_find(words text, max_rows integer) returns setof uuid
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
      select found.id from (
        select t.id from public.ticket t where t.search @@ to_tsquery('simple', words) and ${inScope('t')}
        union
        select c.ticket_id from public.ticket_comment c where c.search @@ to_tsquery('simple', words) and ${inScope('c')}
          and case (select coalesce(current_setting('app.audience', true), ''))
            when 'staff' then true
            when 'system' then true
            when 'client_it' then c.visibility in ('public', 'client_it')
            when 'client' then c.visibility = 'public'
            else false end
      ) found order by found.id desc limit max_rows
    $$`.execute(db);
  await sql`revoke execute on function ticket_find(text, integer) from public`.execute(db);
  await sql`grant execute on function ticket_find(text, integer) to bailiwick_app`.execute(db);
  // A new owner needs the right to create in the schema, for this moment only.
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function ticket_find(text, integer) owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
