import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

const ofTicket = sql`foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade on delete cascade deferrable initially deferred`;

/** What staff have begun to write, who is named in what was written, canned replies and macros. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table reply_draft (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      staff_id uuid not null,
      kind text not null check (kind in ('reply', 'note')),
      html text not null,
      version integer not null default 1,
      updated_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, staff_id, ticket_id, kind),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred,
      ${ofTicket}
    )`.execute(db);
  await sql`create index reply_draft_of_ticket on reply_draft (msp_id, client_id, ticket_id)`.execute(db);
  await protectTable(db, 'reply_draft', { client: 'required' });
  await sql`
    create table reply_mention (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      comment_id uuid not null,
      staff_id uuid not null,
      by_label text not null,
      created_at timestamptz not null,
      seen_at timestamptz,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, comment_id, staff_id),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred,
      ${ofTicket}
    )`.execute(db);
  await sql`create index reply_mention_of_staff on reply_mention (msp_id, staff_id, id) where seen_at is null`.execute(
    db,
  );
  await sql`create index reply_mention_of_ticket on reply_mention (msp_id, client_id, ticket_id)`.execute(db);
  await protectTable(db, 'reply_mention', { client: 'required' });
  await createTexts(db);
}

async function createTexts(db: Kysely<never>): Promise<void> {
  for (const [table, content] of [
    ['reply_template', sql`html text not null, language text`],
    ['reply_macro', sql`steps jsonb not null`],
  ] as const) {
    await sql`
      create table ${sql.table(table)} (
        msp_id uuid not null references msp deferrable initially deferred,
        id uuid not null,
        -- Whose alone it is; null for all.
        owner_id uuid,
        name text not null,
        folder text not null default '',
        ${content},
        version integer not null default 1,
        created_at timestamptz not null,
        primary key (msp_id, id),
        unique nulls not distinct (msp_id, owner_id, folder, name),
        foreign key (msp_id, owner_id) references identity_staff deferrable initially deferred
      )`.execute(db);
    await protectTable(db, table, { client: 'none' });
  }
}
