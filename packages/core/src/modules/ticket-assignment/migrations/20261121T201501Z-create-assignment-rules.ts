import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** The rules that give new tickets to teams. An empty list of conditions is any. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table assignment_rule (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      place integer not null,
      is_active boolean not null default true,
      client_ids uuid[] not null default '{}',
      category_ids uuid[] not null default '{}',
      queue_ids uuid[] not null default '{}',
      ticket_types text[] not null default '{}',
      team_id uuid not null,
      method text not null check (method in ('manual', 'round-robin', 'least-load', 'skill')),
      skill_id uuid,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, team_id) references team deferrable initially deferred,
      foreign key (msp_id, skill_id) references team_skill deferrable initially deferred,
      check ((method = 'skill') = (skill_id is not null))
    )`.execute(db);
  await protectTable(db, 'assignment_rule', { client: 'none' });
}
