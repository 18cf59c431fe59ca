import { sql, type Kysely } from 'kysely';

/** Templates that come to the tickets of one category. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table checklist_template
      add column category_id uuid,
      add foreign key (msp_id, category_id) references desk_category deferrable initially deferred`.execute(db);
}
