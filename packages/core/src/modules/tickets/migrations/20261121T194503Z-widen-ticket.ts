import { sql, type Kysely } from 'kysely';

/**
 * What a ticket is filed under, whose team it is, whether it sleeps, what it was merged into, and why its priority is what it is. A merged ticket follows the survivor to another client by
 * the key itself.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table ticket
      add column category_id uuid,
      add column team_id uuid,
      add column is_vip boolean not null default false,
      add column is_priority_set boolean not null default false,
      add column priority_reason text not null default '',
      add column snoozed_until timestamptz,
      add column is_snoozed_until_reply boolean not null default false,
      add column is_snoozed boolean not null generated always as (snoozed_until is not null or is_snoozed_until_reply) stored,
      add column woken_at timestamptz,
      add column merged_into_id uuid,
      add foreign key (msp_id, category_id) references desk_category deferrable initially deferred,
      add foreign key (msp_id, team_id) references team deferrable initially deferred,
      add foreign key (msp_id, client_id, merged_into_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      add check (merged_into_id is distinct from id)`.execute(db);
  for (const column of ['category_id', 'team_id']) {
    const [name, of] = [column.replace('_id', ''), sql.ref(column)];
    await sql`create index ${sql.ref(`ticket_of_${name}`)} on ticket (msp_id, ${of}, is_open, updated_at, id) where ${of} is not null`.execute(
      db,
    );
    await sql`create index ${sql.ref(`ticket_of_client_and_${name}`)} on ticket (msp_id, client_id, ${of}, is_open, updated_at, id) where ${of} is not null`.execute(
      db,
    );
  }
  await sql`create index ticket_snoozed on ticket (msp_id, snoozed_until) where is_snoozed`.execute(db);
  await sql`create index ticket_merged_into on ticket (msp_id, client_id, merged_into_id) where merged_into_id is not null`.execute(
    db,
  );
  // Why it happened, where that is not plain: "round robin of Service desk".
  await sql`alter table ticket_event add column reason text`.execute(db);
  // A ticket has one parent; it may be another client's, as every far end of a link.
  await sql`create unique index ticket_link_parent on ticket_link (msp_id, ticket_id) where kind = 'child-of'`.execute(
    db,
  );
}
