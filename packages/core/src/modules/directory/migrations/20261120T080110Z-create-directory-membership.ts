import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Which memberships a login holds, over all MSPs: read when somebody signs in, before they have chosen one. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table directory_membership (
      msp_id uuid not null,
      login_id uuid not null,
      membership_id uuid not null,
      kind text not null check (kind in ('staff', 'contact')),
      primary key (msp_id, login_id, membership_id)
    )`.execute(db);
  await sql`create index directory_membership_login on directory_membership (login_id)`.execute(db);
  await protectTable(db, 'directory_membership', { client: 'none' });
  await sql`
    create function directory_memberships_of(wanted uuid) returns table (msp_id uuid, membership_id uuid, kind text)
      language sql stable security definer set search_path = public
      as $$ select m.msp_id, m.membership_id, m.kind from directory_membership m join directory_msp d using (msp_id)
            where m.login_id = wanted and d.state = 'active' order by d.slug, m.membership_id $$`.execute(db);
  await sql`revoke all on function directory_memberships_of(uuid) from public`.execute(db);
  await sql`grant execute on function directory_memberships_of(uuid) to bailiwick_app`.execute(db);
}
