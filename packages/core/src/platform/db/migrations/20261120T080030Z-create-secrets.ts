import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** One random data key for each MSP, wrapped by the install's secret key; and how a start knows that it was given the right one. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table secret_data_key (
      msp_id uuid not null,
      id uuid not null,
      wrapped_by text not null,
      wrapped bytea not null,
      created_at timestamptz not null default now(),
      primary key (msp_id, id)
    )`.execute(db);
  await protectTable(db, 'secret_data_key', { client: 'none' });
  await sql`
    create table secret_key_check (
      key_id text primary key,
      check_value bytea not null,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`grant select, insert on secret_key_check to bailiwick_app`.execute(db);
}
