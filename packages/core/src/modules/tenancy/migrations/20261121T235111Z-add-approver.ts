import { sql, type Kysely } from 'kysely';

/** Who approves for a client, and up to what. Nobody does until staff say so. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table contact
      add column is_approver boolean not null default false,
      add column approval_limit_minor bigint check (approval_limit_minor >= 0),
      add column approval_limit_currency text check (approval_limit_currency ~ '^[A-Z]{3}$'),
      add constraint contact_approval_limit check ((approval_limit_minor is null) = (approval_limit_currency is null))`.execute(
    db,
  );
}
