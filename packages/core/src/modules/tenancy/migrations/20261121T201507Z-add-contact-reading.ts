import { sql, type Kysely } from 'kysely';

/** What a contact reads in the portal: which tickets, and in which language. Who read all of the company's tickets before goes on to. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table contact
      add column sees_company_tickets boolean not null default false,
      add column language text check (language in ('en', 'de', 'fr', 'es'))`.execute(db);
  await sql`update contact set sees_company_tickets = true where portal_role <> 'none'`.execute(db);
}
