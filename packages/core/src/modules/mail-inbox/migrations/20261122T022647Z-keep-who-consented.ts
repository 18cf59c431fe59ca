import { sql, type Kysely } from 'kysely';

/** Who let us into a mailbox that is read in a person's name, and whether the vendor still does. Those that are read by a refresh token that somebody entered go on as they were. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table mail_mailbox add column consent jsonb`.execute(db);
  await sql`
    update mail_mailbox set consent = '{"state": "given", "account": null, "by": null, "at": null, "endsAt": null, "problem": null}'
    where settings ->> 'grant' = 'person' or settings -> 'signIn' ->> 'grant' = 'person'`.execute(db);
}
