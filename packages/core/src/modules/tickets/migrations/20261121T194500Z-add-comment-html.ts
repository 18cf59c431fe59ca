import { sql, type Kysely } from 'kysely';

/**
 * Comments may be formatted: `html` is a safe subset, `body` stays the plain text of the same. What a mail quoted or signed with is folded away, not lost.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table ticket_comment
      add column html text,
      add column folded_html text,
      add column folded_text text`.execute(db);
}
