import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Teams with their members and leads, what staff can do how well, and when they are away. */
export async function up(db: Kysely<never>): Promise<void> {
  await createTeams(db);
  await createSkills(db);
  await createAbsences(db);
}

async function createTeams(db: Kysely<never>): Promise<void> {
  await sql`
    create table team (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      is_active boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id)
    )`.execute(db);
  await sql`create unique index team_name on team (msp_id, lower(name))`.execute(db);
  await protectTable(db, 'team', { client: 'none' });
  await sql`
    create table team_member (
      msp_id uuid not null,
      team_id uuid not null,
      staff_id uuid not null,
      is_lead boolean not null default false,
      -- Whose turn it is in a round robin: whoever waits longest.
      last_assigned_at timestamptz,
      primary key (msp_id, team_id, staff_id),
      foreign key (msp_id, team_id) references team deferrable initially deferred,
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await sql`create index team_member_of_staff on team_member (msp_id, staff_id)`.execute(db);
  await protectTable(db, 'team_member', { client: 'none' });
}

async function createSkills(db: Kysely<never>): Promise<void> {
  await sql`
    create table team_skill (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      created_at timestamptz not null,
      primary key (msp_id, id)
    )`.execute(db);
  await sql`create unique index team_skill_name on team_skill (msp_id, lower(name))`.execute(db);
  await protectTable(db, 'team_skill', { client: 'none' });
  await sql`
    create table team_skill_level (
      msp_id uuid not null,
      staff_id uuid not null,
      skill_id uuid not null,
      level smallint not null check (level between 1 and 3),
      primary key (msp_id, staff_id, skill_id),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred,
      foreign key (msp_id, skill_id) references team_skill deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'team_skill_level', { client: 'none' });
}

async function createAbsences(db: Kysely<never>): Promise<void> {
  await sql`
    create table team_absence (
      msp_id uuid not null,
      id uuid not null,
      staff_id uuid not null,
      starts_at timestamptz not null,
      -- Null is until further notice.
      ends_at timestamptz,
      note text not null default '',
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred,
      check (ends_at > starts_at)
    )`.execute(db);
  await sql`create index team_absence_of_staff on team_absence (msp_id, staff_id, ends_at)`.execute(db);
  await protectTable(db, 'team_absence', { client: 'none' });
}
