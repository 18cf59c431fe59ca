import { sql, type Kysely } from 'kysely';

/**
 * Staff may carry comments and attachments from a ticket to the one that it is merged into: which ticket they are on, and nothing else of them. And a ticket may say which one it was split
 * off.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const setting = (name: string) => sql`(select coalesce(current_setting(${sql.lit(name)}, true), ''))`;
  const clients = sql`(select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))`;
  for (const table of ['ticket_comment', 'ticket_attachment']) {
    const name = sql.table(table);
    await sql`grant update (ticket_id) on ${name} to bailiwick_app`.execute(db);
    const walled = sql`
      msp_id = (select nullif(current_setting('app.msp_id', true), '')::uuid)
      and (${setting('app.reach')} = 'all' or (${setting('app.reach')} = 'only' and client_id in ${clients}) or (${setting('app.reach')} = 'except' and client_id not in ${clients}))
      and ${setting('app.audience')} in ('staff', 'system')`;
    await sql`create policy staff_moves on ${name} as restrictive for update
      to bailiwick_app using (${walled}) with check (${walled})`.execute(db);
  }
  await sql`alter table ticket_link drop constraint ticket_link_kind_check`.execute(db);
  await sql`alter table ticket_link add constraint ticket_link_kind_check check (kind in ('related', 'duplicate-of', 'child-of', 'caused-by', 'split-from'))`.execute(
    db,
  );
}
