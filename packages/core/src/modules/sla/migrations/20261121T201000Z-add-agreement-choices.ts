import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/**
 * A policy by contract, before that of the client, and why a ticket has the policy that it has. The holding agreement may be a parent client's, which a reach kept to one client, or a
 * contact who opens a ticket, does not see; so what it chose is found by `bailiwick_finder`, for ids that the caller must have already, and the answer is no more than a policy's id.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table sla_agreement_choice (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      agreement_id uuid not null,
      ticket_type text,
      policy_id uuid,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique nulls not distinct (msp_id, agreement_id, ticket_type),
      foreign key (msp_id, client_id, agreement_id) references agreement (msp_id, client_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, policy_id) references sla_policy deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'sla_agreement_choice', { client: 'required', contacts: 'read' });
  await sql`alter table sla_ticket add column chosen_by text not null default 'nothing'`.execute(db);
  await sql`create policy sla_finder_sees_all on sla_agreement_choice for select to bailiwick_finder using (true)`.execute(
    db,
  );
  await sql`grant select on sla_agreement_choice to bailiwick_finder`.execute(db);
  await sql`
    create function sla_find_agreement_choices(wanted uuid[])
      returns table (agreement_id uuid, ticket_type text, policy_id uuid)
      language sql stable security definer set search_path = pg_catalog, public, pg_temp
    as $$
      select c.agreement_id, c.ticket_type, c.policy_id
      from public.sla_agreement_choice c
      where c.msp_id = nullif(current_setting('app.msp_id', true), '')::uuid and c.agreement_id = any (wanted)
    $$`.execute(db);
  await sql`revoke execute on function sla_find_agreement_choices(uuid[]) from public`.execute(db);
  await sql`grant execute on function sla_find_agreement_choices(uuid[]) to bailiwick_app`.execute(db);
  await sql`grant create on schema public to bailiwick_finder`.execute(db);
  await sql`alter function sla_find_agreement_choices(uuid[]) owner to bailiwick_finder`.execute(db);
  await sql`revoke create on schema public from bailiwick_finder`.execute(db);
}
