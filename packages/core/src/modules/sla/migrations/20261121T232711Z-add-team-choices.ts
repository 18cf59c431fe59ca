import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Which OLA holds for which team. Teams are no matter of clients, and so neither is what they promise each other. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table sla_team_choice (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      team_id uuid,
      policy_id uuid,
      chosen_at timestamptz not null,
      primary key (msp_id, id),
      unique nulls not distinct (msp_id, team_id),
      foreign key (msp_id, team_id) references team deferrable initially deferred,
      foreign key (msp_id, policy_id) references sla_policy deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'sla_team_choice', { client: 'none' });
}
