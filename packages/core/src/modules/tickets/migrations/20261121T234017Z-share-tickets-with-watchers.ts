import { sql, type Kysely } from 'kysely';

const STAFF = sql`(select coalesce(current_setting('app.audience', true), '')) in ('staff', 'system')`;
const MSP = sql`nullif(current_setting('app.msp_id', true), '')::uuid`;
const ACTOR = sql`nullif(current_setting('app.actor_id', true), '')::uuid`;
// An actor of the client's side that is no contact is a key of the company itself.
const SEES_COMPANY = sql`(select coalesce((
  select reader.portal_role = 'manager' or reader.sees_company_tickets
  from contact reader where reader.msp_id = ${MSP} and reader.id = ${ACTOR}), true))`;

/**
 * A member of a company also reads tickets on which they read along, and those on which their approval is asked. The lists are staff's own tables, so a function looks
 * into them, for the actor of the session alone; as an uncorrelated sub-select it runs once a query, and not at all for staff and managers.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index mail_watcher_of_contact on mail_watcher (msp_id, contact_id, ticket_id) where contact_id is not null and is_mailed`.execute(
    db,
  );
  await sql`
    create function ticket_shared_with_actor() returns setof uuid
    language sql stable security definer rows 20 set search_path = pg_catalog, public, pg_temp
    as $$
      select w.ticket_id from public.mail_watcher w
      join public.contact c on c.msp_id = w.msp_id and c.id = w.contact_id and c.client_id = w.client_id and c.is_active
      where w.msp_id = ${MSP} and w.contact_id = ${ACTOR} and w.is_mailed
      union all
      select a.ticket_id from public.approval_step s
      join public.approval a on a.msp_id = s.msp_id and a.id = s.approval_id and a.state <> 'withdrawn'
      join public.contact c on c.msp_id = s.msp_id and c.id = s.contact_id and c.client_id = a.client_id and c.is_active
      where s.msp_id = ${MSP} and s.contact_id = ${ACTOR}
    $$`.execute(db);
  await sql`revoke all on function ticket_shared_with_actor() from public`.execute(db);
  await sql`grant execute on function ticket_shared_with_actor() to bailiwick_app`.execute(db);
  const own = sql`${STAFF} or ${SEES_COMPANY} or contact_id = (select ${ACTOR})`;
  await sql`
    alter policy contact_reads_own on ticket
      using (${own} or id in (select ticket_shared_with_actor()))`.execute(db);
}
