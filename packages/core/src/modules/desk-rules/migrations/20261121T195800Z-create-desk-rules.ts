import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Rules, what they did, when those of time look at a ticket again, and what a rule would have done. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table desk_rule_set (
      msp_id uuid primary key references msp deferrable initially deferred,
      version integer not null
    )`.execute(db);
  await protectTable(db, 'desk_rule_set', { client: 'none', contacts: 'none' });
  await sql`
    create table desk_rule (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      place integer not null,
      is_active boolean not null,
      stops boolean not null,
      definition jsonb not null,
      off_reason text,
      next_at timestamptz,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (msp_id, id)
    )`.execute(db);
  await sql`create index desk_rule_by_place on desk_rule (msp_id, place, id)`.execute(db);
  await protectTable(db, 'desk_rule', { client: 'none' });
  await createRuns(db);
  await createTimers(db);
  await createDryRuns(db);
}

async function createRuns(db: Kysely<never>): Promise<void> {
  await sql`
    create table desk_rule_run (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      rule_id uuid not null,
      rule_version integer not null,
      rule_name text not null,
      occurrence text not null,
      event text not null,
      state text not null check (state in ('ran', 'refused')),
      reason text not null,
      checks jsonb not null,
      actions jsonb not null,
      chain_id text not null,
      depth integer not null,
      from_version integer not null,
      to_version integer not null,
      at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, rule_id, occurrence),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index desk_rule_run_of_ticket on desk_rule_run (msp_id, ticket_id, at, id)`.execute(db);
  await sql`create index desk_rule_run_of_rule on desk_rule_run (msp_id, rule_id, at, id)`.execute(db);
  await sql`create index desk_rule_run_by_time on desk_rule_run (msp_id, at, id)`.execute(db);
  await sql`create index desk_rule_run_of_client_by_time on desk_rule_run (msp_id, client_id, at, id)`.execute(db);
  await protectTable(db, 'desk_rule_run', { client: 'required' });
}

async function createTimers(db: Kysely<never>): Promise<void> {
  await sql`
    create table desk_rule_timer (
      msp_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      due_at timestamptz not null,
      primary key (msp_id, ticket_id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index desk_rule_timer_due on desk_rule_timer (msp_id, due_at)`.execute(db);
  await protectTable(db, 'desk_rule_timer', { client: 'required' });
}

async function createDryRuns(db: Kysely<never>): Promise<void> {
  await sql`
    create table desk_dry_run (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      rule_id uuid,
      definition jsonb not null,
      state text not null check (state in ('waiting', 'running', 'done', 'cancelled')),
      from_at timestamptz not null,
      until_at timestamptz not null,
      total integer not null,
      looked_at integer not null,
      runs integer not null,
      tickets integer not null,
      last_ticket_id uuid,
      created_at timestamptz not null,
      ended_at timestamptz,
      primary key (msp_id, id)
    )`.execute(db);
  await protectTable(db, 'desk_dry_run', { client: 'none' });
  await sql`
    create table desk_dry_run_hit (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      dry_run_id uuid not null,
      runs integer not null,
      first_at timestamptz not null,
      changes jsonb not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, dry_run_id) references desk_dry_run on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index desk_dry_run_hit_of_run on desk_dry_run_hit (msp_id, dry_run_id, id)`.execute(db);
  await protectTable(db, 'desk_dry_run_hit', { client: 'required' });
}
