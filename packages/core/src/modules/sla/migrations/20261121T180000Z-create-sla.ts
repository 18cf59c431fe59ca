import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/**
 * Calendars and policies with their versions, which policy is chosen for what, and each ticket's clocks with the events that they were computed from. Whoever opens or answers a ticket
 * moves its clocks, contacts too; so what clocks are judged by is readable to them, while no operation of theirs shows it.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await createVersioned(db, 'calendar');
  await createVersioned(db, 'policy');
  await createChoices(db);
  await createClocks(db);
}

/** A thing with a name whose definition is never changed: an edit makes the next version, and verdicts keep the one they were given by. */
async function createVersioned(db: Kysely<never>, kind: 'calendar' | 'policy'): Promise<void> {
  const [thing, version] = [`sla_${kind}`, `sla_${kind}_version`];
  await sql`
    create table ${sql.table(thing)} (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      version_id uuid not null,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await sql`
    create table ${sql.table(version)} (
      msp_id uuid not null,
      id uuid not null,
      ${sql.ref(`${kind}_id`)} uuid not null,
      number integer not null,
      definition jsonb not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, ${sql.ref(`${kind}_id`)}, number),
      foreign key (msp_id, ${sql.ref(`${kind}_id`)}) references ${sql.table(thing)} deferrable initially deferred
    )`.execute(db);
  await sql`
    alter table ${sql.table(thing)} add foreign key (msp_id, version_id) references ${sql.table(version)} deferrable initially deferred
  `.execute(db);
  await protectTable(db, thing, { client: 'none', contacts: 'read' });
  await protectTable(db, version, { client: 'none', contacts: 'read', access: 'append' });
}

/** Two tables, so that the rows of one client are that client's. A null policy is "no SLA", a null type is every type. */
async function createChoices(db: Kysely<never>): Promise<void> {
  await sql`
    create table sla_choice (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      ticket_type text,
      policy_id uuid,
      primary key (msp_id, id),
      unique nulls not distinct (msp_id, ticket_type),
      foreign key (msp_id, policy_id) references sla_policy deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'sla_choice', { client: 'none', contacts: 'read' });
  await sql`
    create table sla_client_choice (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_type text,
      policy_id uuid,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique nulls not distinct (msp_id, client_id, ticket_type),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, policy_id) references sla_policy deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'sla_client_choice', { client: 'required', contacts: 'read' });
}

async function createClocks(db: Kysely<never>): Promise<void> {
  await sql`
    create table sla_ticket (
      msp_id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      policy_version_id uuid,
      clocks jsonb not null,
      events integer not null,
      primary key (msp_id, ticket_id),
      unique (msp_id, client_id, ticket_id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, policy_version_id) references sla_policy_version deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'sla_ticket', { client: 'required', contacts: 'all' });
  await sql`
    create table sla_event (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      place integer not null,
      at timestamptz not null,
      type text not null check (type in ('created', 'status', 'priority', 'policy', 'calendar', 'public-reply', 'client-reply', 'resolved', 'reopened', 'merged')),
      value jsonb,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, place),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'sla_event', { client: 'required', contacts: 'all', access: 'append' });
}
