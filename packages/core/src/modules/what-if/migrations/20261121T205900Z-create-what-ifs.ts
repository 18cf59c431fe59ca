import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Runs of past tickets under another policy: what came of it by client and priority, and which tickets would have another verdict. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table what_if (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      client_id uuid,
      policy_id uuid not null,
      policy_version_id uuid not null,
      policy_name text not null,
      opened_from timestamptz not null,
      opened_until timestamptz not null,
      as_of timestamptz not null,
      state text not null check (state in ('running', 'done', 'stopped')),
      tickets integer not null,
      judged integer not null default 0,
      made_by text not null,
      created_at timestamptz not null,
      finished_at timestamptz,
      primary key (msp_id, id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, policy_id) references sla_policy deferrable initially deferred,
      foreign key (msp_id, policy_version_id) references sla_policy_version deferrable initially deferred
    )`.execute(db);
  await sql`create index what_if_by_age on what_if (msp_id, created_at, id)`.execute(db);
  await sql`create index what_if_of_client_by_age on what_if (msp_id, client_id, created_at, id)`.execute(db);
  await protectTable(db, 'what_if', { client: 'optional' });
  await sql`
    create table what_if_count (
      msp_id uuid not null,
      what_if_id uuid not null,
      client_id uuid not null,
      priority smallint not null,
      tickets integer not null,
      response_before integer not null,
      response_after integer not null,
      update_before integer not null,
      update_after integer not null,
      resolution_before integer not null,
      resolution_after integer not null,
      primary key (msp_id, what_if_id, client_id, priority),
      foreign key (msp_id, what_if_id) references what_if on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'what_if_count', { client: 'required' });
  await sql`
    create table what_if_change (
      msp_id uuid not null,
      what_if_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      measure text not null check (measure in ('response', 'update', 'resolution')),
      before text not null,
      after text not null,
      primary key (msp_id, what_if_id, ticket_id, measure),
      foreign key (msp_id, what_if_id) references what_if on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'what_if_change', { client: 'required' });
}
