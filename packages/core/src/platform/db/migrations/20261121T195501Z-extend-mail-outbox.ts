import { sql, type Kysely } from 'kysely';

/** A mail may come from another address than the server's own, say by whom it was written, and show images within its text. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table mail_outbox
      add column if not exists from_address text,
      add column if not exists auto_submitted text not null default 'auto-generated'
        check (auto_submitted in ('auto-generated', 'auto-replied', 'no'))`.execute(db);
  await sql`alter table mail_attachment add column if not exists content_id text`.execute(db);
}
