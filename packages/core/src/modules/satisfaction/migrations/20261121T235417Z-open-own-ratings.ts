import { sql, type Kysely } from 'kysely';

/** A contact reads, and answers, what they themselves were asked; a colleague's they do not see. */
export async function up(db: Kysely<never>): Promise<void> {
  const own = sql`msp_id = (select nullif(current_setting('app.msp_id', true), '')::uuid)
    and (select coalesce(current_setting('app.audience', true), '')) in ('client', 'client_it')
    and (select coalesce(current_setting('app.reach', true), '')) = 'only'
    and client_id in (select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))
    and contact_id = (select nullif(current_setting('app.actor_id', true), '')::uuid)`;
  for (const [action, check] of [
    ['select', sql``],
    ['update', sql`with check (${own})`],
  ] as const)
    await sql`create policy ${sql.raw(`own_${action}`)} on satisfaction_rating for ${sql.raw(action)} to bailiwick_app using (${own}) ${check}`.execute(
      db,
    );
}
