import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What a create with an `Idempotency-Key` answered, kept for a day in the transaction that created. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table api_idempotency (
      msp_id uuid not null,
      actor_id uuid not null,
      key text not null,
      operation text not null,
      request_hash text not null,
      response jsonb,
      created_at timestamptz not null default now(),
      primary key (msp_id, actor_id, key)
    )`.execute(db);
  await sql`create index api_idempotency_age on api_idempotency (created_at)`.execute(db);
  await protectTable(db, 'api_idempotency', {
    client: 'none',
    contacts: sql<boolean>`actor_id = (select nullif(current_setting('app.actor_id', true), '')::uuid)`,
  });
}
