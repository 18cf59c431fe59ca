import { sql, type Kysely } from 'kysely';

/** A contract in force stays as it was agreed; what comes after it knows which one it takes the place of. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table agreement
      add column succeeds_id uuid,
      add foreign key (msp_id, client_id, succeeds_id) references agreement (msp_id, client_id, id) deferrable initially deferred,
      add check (succeeds_id <> id)`.execute(db);
  await sql`create index agreement_successor on agreement (msp_id, succeeds_id) where succeeds_id is not null`.execute(
    db,
  );
}
