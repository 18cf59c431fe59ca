import { audienceSetting, protectTable } from '#platform/db/tenant-table';
import { sql, type Kysely } from 'kysely';

/** Files. The row exists before the bytes and outlives them, so that no byte is ever without a row that knows of it. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table file (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      visibility text not null check (visibility in ('public', 'client_it', 'internal')),
      state text not null check (state in ('pending', 'kept', 'removing')),
      name text not null,
      content_type text not null,
      size_bytes bigint not null,
      sha256 text not null,
      storage_key text not null,
      owner_kind text,
      owner_id uuid,
      uploaded_by_id uuid not null,
      uploaded_by_label text not null,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, storage_key),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      check ((owner_kind is null) = (owner_id is null))
    )`.execute(db);
  await sql`create index file_of_owner on file (msp_id, owner_kind, owner_id, id) where owner_id is not null`.execute(
    db,
  );
  await sql`create index file_loose on file (msp_id, created_at) where owner_id is null or state <> 'kept'`.execute(db);
  await protectTable(db, 'file', {
    client: 'required',
    contacts: sql<boolean>`visibility = 'public' or (visibility = 'client_it' and ${audienceSetting} = 'client_it')`,
  });
}
