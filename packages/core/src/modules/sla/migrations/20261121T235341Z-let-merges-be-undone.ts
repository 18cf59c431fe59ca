import { sql, type Kysely } from 'kysely';

/** A merge that is taken back is an event of its own; `team` and `ola` are those of teams among themselves. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table sla_event drop constraint if exists sla_event_type_check`.execute(db);
  await sql`
    alter table sla_event add constraint sla_event_type_check check (type in (
      'created', 'status', 'priority', 'policy', 'calendar', 'public-reply', 'client-reply', 'resolved', 'reopened', 'merged', 'unmerged', 'team', 'ola'
    ))`.execute(db);
}
