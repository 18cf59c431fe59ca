import { sql, type Kysely } from 'kysely';

const STAFF = sql`(select coalesce(current_setting('app.audience', true), '')) in ('staff', 'system')`;
const MSP = sql`nullif(current_setting('app.msp_id', true), '')::uuid`;
const ACTOR = sql`nullif(current_setting('app.actor_id', true), '')::uuid`;
// An actor of the client's side that is no contact is a key of the company itself.
const SEES_COMPANY = sql`(select coalesce((
  select reader.portal_role = 'manager' or reader.sees_company_tickets
  from contact reader where reader.msp_id = ${MSP} and reader.id = ${ACTOR}), true))`;

/** A member of a company reads their own tickets in the portal; those of colleagues only where their contact says so. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create policy contact_reads_own on ticket as restrictive to bailiwick_app
      using (${STAFF} or ${SEES_COMPANY} or contact_id = (select ${ACTOR}))`.execute(db);
  for (const table of ['ticket_comment', 'ticket_event', 'ticket_attachment', 'ticket_link']) {
    const name = sql.table(table);
    // For reading alone: the first words of a ticket are written before its row.
    await sql`
      create policy contact_reads_own on ${name} as restrictive for select to bailiwick_app
        using (${STAFF} or ${SEES_COMPANY} or exists (
          select from ticket where ticket.msp_id = ${name}.msp_id and ticket.id = ${name}.ticket_id))`.execute(db);
  }
  await sql`create index ticket_of_contact_by_update on ticket (msp_id, client_id, contact_id, updated_at desc, id desc)`.execute(
    db,
  );
}
