import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

const VERDICTS = sql`('none', 'open', 'met', 'breached')`;

/**
 * When a ticket is to be warned of next, which warnings were given, and the verdicts of its clocks as columns, so that reports count them without reading clocks. Policies and calendars can be
 * retired, and a policy can promise within the house (`ola`).
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table sla_ticket
      add column warned jsonb not null default '{}',
      add column next_warning_at timestamptz,
      add column response_verdict text not null default 'none' check (response_verdict in ${VERDICTS}),
      add column response_due_at timestamptz,
      add column response_ended_at timestamptz,
      add column response_seconds bigint not null default 0,
      add column resolution_verdict text not null default 'none' check (resolution_verdict in ${VERDICTS}),
      add column resolution_due_at timestamptz,
      add column resolution_ended_at timestamptz,
      add column resolution_seconds bigint not null default 0,
      add column update_verdict text not null default 'none' check (update_verdict in ${VERDICTS}),
      add column update_due_at timestamptz,
      add column update_cycles integer not null default 0,
      add column update_breaches integer not null default 0`.execute(db);
  await keepGivenVerdicts(db);
  // Keys that are checked at commit would keep the table from being altered after rows of it were.
  await sql`set constraints all immediate`.execute(db);
  await sql`set constraints all deferred`.execute(db);
  await sql`create index sla_ticket_to_warn on sla_ticket (msp_id, next_warning_at) where next_warning_at is not null`.execute(
    db,
  );
  await sql`
    create table sla_warning (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      measure text not null check (measure in ('response', 'update', 'resolution')),
      clock_from timestamptz not null,
      percent integer not null,
      due_at timestamptz,
      policy_version_id uuid not null,
      warned_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, measure, clock_from, percent),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, policy_version_id) references sla_policy_version deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'sla_warning', { client: 'required', access: 'append' });
  for (const table of ['sla_policy', 'sla_calendar']) {
    await sql`alter table ${sql.table(table)} add column retired_at timestamptz`.execute(db);
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(`${table}_msp_id_name_key`)}`.execute(db);
    await sql`create unique index ${sql.ref(`${table}_name`)} on ${sql.table(table)} (msp_id, name) where retired_at is null`.execute(
      db,
    );
  }
  await sql`alter table sla_policy add column kind text not null default 'sla' check (kind in ('sla', 'ola'))`.execute(
    db,
  );
}

/** What was decided before there were columns; what is open gets its own with the next thing that happens. */
async function keepGivenVerdicts(db: Kysely<never>): Promise<void> {
  for (const measure of ['response', 'resolution'])
    await sql`
      update sla_ticket set
        ${sql.ref(`${measure}_verdict`)} = case
          when clocks -> ${sql.lit(measure)} ->> 'breachedAt' is not null then 'breached'
          when clocks -> ${sql.lit(measure)} -> 'end' ->> 'kind' = 'done' and clocks -> ${sql.lit(measure)} -> 'end' ->> 'budget' is not null then 'met'
          else 'none' end,
        ${sql.ref(`${measure}_ended_at`)} = (clocks -> ${sql.lit(measure)} -> 'end' ->> 'at')::timestamptz`.execute(db);
}
