import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

const MSP = sql`(select nullif(current_setting('app.msp_id', true), '')::uuid)`;

/** Files that go with an article. Who sees the article sees them; contacts write none. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table knowledge_file (
      msp_id uuid not null,
      id uuid not null,
      article_id uuid not null,
      name text not null,
      content_type text not null,
      size_bytes bigint not null,
      sha256 text not null,
      storage_key text not null,
      by_label text not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, storage_key),
      foreign key (msp_id, article_id) references knowledge_article on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index knowledge_file_of_article on knowledge_file (msp_id, article_id, id)`.execute(db);
  await protectTable(db, 'knowledge_file', { client: 'none', contacts: 'read' });
  const isOfArticle = sql`msp_id = ${MSP} and exists (
    select 1 from knowledge_article a where a.msp_id = knowledge_file.msp_id and a.id = knowledge_file.article_id)`;
  await sql`create policy article_scope on knowledge_file as restrictive to bailiwick_app using (${isOfArticle}) with check (${isOfArticle})`.execute(
    db,
  );
}
