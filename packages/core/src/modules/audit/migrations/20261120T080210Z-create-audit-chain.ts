import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/**
 * The chain over the trail. Entries are added by one function, which takes the MSP from the scope and puts them in line to be sealed: whoever acts on anything may add an
 * entry about it, also about what they may not read, and nobody may add one beside the line. Erasing is a function too, and all that it can write is nothing.
 */
export async function up(db: Kysely<never>): Promise<void> {
  // As text, an address stays as it was digested; `inet` would rewrite it.
  await sql`alter table audit_entry alter column ip type text using host(ip), add column erased_at timestamptz,
    alter column salt drop not null,
    add check (erased_at is null or (before is null and after is null and ip is null and user_agent is null and salt is null))`.execute(
    db,
  );
  await sql`
    create table audit_pending (msp_id uuid not null, entry_id uuid not null, primary key (msp_id, entry_id))`.execute(
    db,
  );
  await protectTable(db, 'audit_pending', { client: 'none' });
  await sql`
    create table audit_seal (
      msp_id uuid not null, sequence bigint not null, entry_id uuid not null, hash bytea not null,
      primary key (msp_id, sequence), unique (msp_id, entry_id)
    )`.execute(db);
  await protectTable(db, 'audit_seal', { client: 'none', access: 'append' });
  await sql`
    create table audit_chain (msp_id uuid primary key, sequence bigint not null, hash bytea not null)`.execute(db);
  await protectTable(db, 'audit_chain', { client: 'none' });
  await sql`revoke insert on audit_entry from bailiwick_app`.execute(db);
  await createAppend(db);
  await createErase(db);
}

async function createAppend(db: Kysely<never>): Promise<void> {
  await sql`
    create function audit_append(entry jsonb) returns void language plpgsql security definer set search_path = public as $$
    declare msp uuid := nullif(current_setting('app.msp_id', true), '')::uuid;
    begin
      insert into audit_entry (msp_id, id, client_id, at, actor_kind, actor_id, actor_label, action, subject_kind, subject_id,
        summary, before, after, ip, user_agent, request_id, is_client_visible, salt, digest)
      select msp, e.id, e.client_id, e.at, e.actor_kind, e.actor_id, e.actor_label, e.action, e.subject_kind, e.subject_id,
        e.summary, e.before, e.after, e.ip, e.user_agent, e.request_id, e.is_client_visible, decode(e.salt, 'hex'), decode(e.digest, 'hex')
      from jsonb_to_record(entry) as e(id uuid, client_id uuid, at timestamptz, actor_kind text, actor_id uuid, actor_label text,
        action text, subject_kind text, subject_id uuid, summary text, before jsonb, after jsonb, ip text, user_agent text,
        request_id text, is_client_visible boolean, salt text, digest text);
      insert into audit_pending (msp_id, entry_id) values (msp, (entry ->> 'id')::uuid);
    end $$`.execute(db);
  await sql`
    insert into audit_pending (msp_id, entry_id) select msp_id, id from audit_entry`.execute(db);
  await sql`revoke all on function audit_append(jsonb) from public`.execute(db);
  await sql`grant execute on function audit_append(jsonb) to bailiwick_app`.execute(db);
}

async function createErase(db: Kysely<never>): Promise<void> {
  await sql`
    create function audit_erase(entry uuid, erased timestamptz) returns boolean language plpgsql security definer set search_path = public as $$
    begin
      update audit_entry set summary = '', actor_label = '', before = null, after = null, ip = null, user_agent = null, salt = null, erased_at = erased
      where msp_id = nullif(current_setting('app.msp_id', true), '')::uuid and id = entry and erased_at is null
        and coalesce(current_setting('app.audience', true), '') in ('staff', 'system')
        and coalesce(current_setting('app.reach', true), '') = 'all';
      return found;
    end $$`.execute(db);
  await sql`revoke all on function audit_erase(uuid, timestamptz) from public`.execute(db);
  await sql`grant execute on function audit_erase(uuid, timestamptz) to bailiwick_app`.execute(db);
}
