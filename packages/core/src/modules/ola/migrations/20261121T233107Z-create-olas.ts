import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

const TICKET = sql`foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred`;

/** Which team had a ticket from when to when, by what it was judged, and of what was warned. Contacts see nothing of it. */
export async function up(db: Kysely<never>): Promise<void> {
  await createTickets(db);
  await createStays(db);
  await createWarnings(db);
}

async function createTickets(db: Kysely<never>): Promise<void> {
  await sql`
    create table ola_ticket (
      msp_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      seen_version integer not null,
      events integer not null,
      stays integer not null,
      work jsonb not null,
      primary key (msp_id, ticket_id),
      unique (msp_id, client_id, ticket_id),
      ${TICKET}
    )`.execute(db);
  await protectTable(db, 'ola_ticket', { client: 'required' });
  await sql`
    create table ola_event (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      place integer not null,
      at timestamptz not null,
      type text not null check (type in ('created', 'status', 'priority', 'team', 'ola', 'calendar', 'resolved', 'reopened', 'merged', 'unmerged')),
      value jsonb,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, place),
      ${TICKET}
    )`.execute(db);
  await protectTable(db, 'ola_event', { client: 'required', access: 'append' });
}

async function createStays(db: Kysely<never>): Promise<void> {
  await sql`
    create table ola_stay (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      number integer not null,
      team_id uuid not null,
      policy_version_id uuid,
      clocks jsonb not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      verdict text not null check (verdict in ('none', 'open', 'met', 'breached')),
      due_at timestamptz,
      seconds bigint not null,
      warned jsonb not null,
      next_warning_at timestamptz,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, number),
      foreign key (msp_id, team_id) references team deferrable initially deferred,
      foreign key (msp_id, policy_version_id) references sla_policy_version deferrable initially deferred,
      ${TICKET}
    )`.execute(db);
  await protectTable(db, 'ola_stay', { client: 'required' });
  await sql`create index ola_stay_to_warn on ola_stay (msp_id, next_warning_at) where next_warning_at is not null`.execute(
    db,
  );
  await sql`create index ola_stay_by_start on ola_stay (msp_id, started_at, id)`.execute(db);
  await sql`create index ola_stay_of_client_by_start on ola_stay (msp_id, client_id, started_at, id)`.execute(db);
}

async function createWarnings(db: Kysely<never>): Promise<void> {
  await sql`
    create table ola_warning (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      stay_id uuid not null,
      percent integer not null,
      due_at timestamptz,
      policy_version_id uuid not null,
      warned_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, stay_id, percent),
      foreign key (msp_id, client_id, stay_id) references ola_stay (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, policy_version_id) references sla_policy_version deferrable initially deferred,
      ${TICKET}
    )`.execute(db);
  await protectTable(db, 'ola_warning', { client: 'required', access: 'append' });
  await sql`create index ola_warning_of_ticket on ola_warning (msp_id, ticket_id, warned_at)`.execute(db);
}
