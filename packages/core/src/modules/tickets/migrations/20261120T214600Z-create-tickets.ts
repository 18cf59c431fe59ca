import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Tickets with their conversation and history, the rules by which alerts become tickets, and the links between tickets. */
export async function up(db: Kysely<never>): Promise<void> {
  await createCounter(db);
  await createQueue(db);
  await createTicket(db);
  await indexTicket(db);
  await createComment(db);
  await createEvent(db);
  await createLink(db);
  await createAlerts(db);
}

/** A child's rows follow when a ticket's client is corrected; by the key itself, so that none can be forgotten. */
const ofTicket = sql`foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred`;

async function createCounter(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_counter (
      msp_id uuid primary key references msp deferrable initially deferred,
      last_number integer not null
    )`.execute(db);
  // Whoever opens a ticket takes a number, contacts too.
  await protectTable(db, 'ticket_counter', { client: 'none', contacts: 'all' });
}

async function createQueue(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_queue (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      is_active boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, name)
    )`.execute(db);
  await protectTable(db, 'ticket_queue', { client: 'none' });
}

async function createTicket(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      number integer not null,
      type text not null check (type in ('incident', 'request', 'problem', 'task')),
      status text not null check (status in ('new', 'in-progress', 'waiting-client', 'waiting-vendor', 'resolved', 'closed')),
      impact smallint not null check (impact between 1 and 3),
      urgency smallint not null check (urgency between 1 and 3),
      priority smallint not null check (priority between 1 and 4),
      source text not null check (source in ('portal', 'mail', 'staff', 'alert', 'api')),
      subject text not null,
      queue_id uuid,
      assignee_id uuid,
      site_id uuid,
      contact_id uuid,
      asset_id uuid,
      -- Not the ticket's own client: the agreement of a parent may hold.
      agreement_client_id uuid,
      agreement_id uuid,
      agreement_reason text not null,
      touched_by_person boolean not null,
      is_reply_awaited boolean not null,
      opened_at timestamptz not null,
      updated_at timestamptz not null,
      resolved_at timestamptz,
      closed_at timestamptz,
      version integer not null default 1,
      is_open boolean not null generated always as (status not in ('resolved', 'closed')) stored,
      search tsvector not null generated always as (to_tsvector('simple', subject)) stored,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, number),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, queue_id) references ticket_queue deferrable initially deferred,
      foreign key (msp_id, assignee_id) references identity_staff deferrable initially deferred,
      foreign key (msp_id, client_id, site_id) references site (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, client_id, contact_id) references contact (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, agreement_client_id, agreement_id) references agreement (msp_id, client_id, id) deferrable initially deferred,
      check ((agreement_id is null) = (agreement_client_id is null))
    )`.execute(db);
}

async function indexTicket(db: Kysely<never>): Promise<void> {
  await sql`create index ticket_by_opening on ticket (msp_id, opened_at, id)`.execute(db);
  await sql`create index ticket_of_client_by_opening on ticket (msp_id, client_id, opened_at, id)`.execute(db);
  await sql`create index ticket_by_update on ticket (msp_id, is_open, updated_at, id)`.execute(db);
  await sql`create index ticket_of_client_by_update on ticket (msp_id, client_id, is_open, updated_at, id)`.execute(db);
  await sql`create index ticket_by_priority on ticket (msp_id, is_open, priority, opened_at, id)`.execute(db);
  await sql`create index ticket_of_client_by_priority on ticket (msp_id, client_id, is_open, priority, opened_at, id)`.execute(
    db,
  );
  await sql`create index ticket_of_assignee on ticket (msp_id, assignee_id, is_open, updated_at, id)`.execute(db);
  await sql`create index ticket_of_asset on ticket (msp_id, client_id, asset_id, opened_at, id) where asset_id is not null`.execute(
    db,
  );
  await sql`create index ticket_of_contact on ticket (msp_id, client_id, contact_id) where contact_id is not null`.execute(
    db,
  );
  await sql`create index ticket_search on ticket using gin (search)`.execute(db);
  await protectTable(db, 'ticket', { client: 'required', contacts: 'all' });
}

async function createComment(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_comment (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      visibility text not null check (visibility in ('public', 'client_it', 'internal')),
      author_kind text not null check (author_kind in ('staff', 'contact', 'system')),
      author_id uuid not null,
      author_label text not null,
      body text not null,
      created_at timestamptz not null,
      search tsvector not null generated always as (to_tsvector('simple', left(body, 20000))) stored,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      ${ofTicket}
    )`.execute(db);
  await sql`create index ticket_comment_of_ticket on ticket_comment (msp_id, client_id, ticket_id, created_at, id)`.execute(
    db,
  );
  await sql`create index ticket_comment_search on ticket_comment using gin (search)`.execute(db);
  await protectTable(db, 'ticket_comment', {
    client: 'required',
    contacts: sql<boolean>`visibility = 'public' or (visibility = 'client_it' and (select coalesce(current_setting('app.audience', true), '')) = 'client_it')`,
    access: 'append',
  });
  await sql`
    create table ticket_attachment (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      comment_id uuid not null,
      visibility text not null check (visibility in ('public', 'client_it', 'internal')),
      file_id uuid not null,
      file_name text not null,
      size_bytes bigint not null,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, file_id),
      foreign key (msp_id, client_id, file_id) references file (msp_id, client_id, id) on update cascade deferrable initially deferred,
      ${ofTicket}
    )`.execute(db);
  await sql`create index ticket_attachment_of_ticket on ticket_attachment (msp_id, client_id, ticket_id, created_at, id)`.execute(
    db,
  );
  await protectTable(db, 'ticket_attachment', {
    client: 'required',
    contacts: sql<boolean>`visibility = 'public' or (visibility = 'client_it' and (select coalesce(current_setting('app.audience', true), '')) = 'client_it')`,
    access: 'append',
  });
}

/** What happened to a ticket, in order and never changed: clocks can be replayed from it. Contacts see what tells nothing of the MSP's own work. */
async function createEvent(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_event (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      ticket_version integer not null,
      kind text not null,
      at timestamptz not null,
      actor_kind text not null check (actor_kind in ('staff', 'contact', 'system')),
      actor_id uuid not null,
      actor_label text not null,
      from_value text,
      to_value text,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      ${ofTicket}
    )`.execute(db);
  await sql`create index ticket_event_of_ticket on ticket_event (msp_id, client_id, ticket_id, at, id)`.execute(db);
  await protectTable(db, 'ticket_event', {
    client: 'required',
    contacts: sql<boolean>`kind in ('opened', 'status', 'priority', 'public-reply', 'client-reply')`,
    access: 'append',
  });
}

async function createLink(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_link (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      to_client_id uuid not null,
      to_ticket_id uuid not null,
      kind text not null check (kind in ('related', 'duplicate-of', 'child-of', 'caused-by')),
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, ticket_id, to_ticket_id, kind),
      ${ofTicket},
      foreign key (msp_id, to_client_id, to_ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      check (ticket_id <> to_ticket_id)
    )`.execute(db);
  await sql`create index ticket_link_to on ticket_link (msp_id, to_client_id, to_ticket_id)`.execute(db);
  await protectTable(db, 'ticket_link', { client: 'required' });
}

async function createAlerts(db: Kysely<never>): Promise<void> {
  await sql`
    create table ticket_alert_rule (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      name text not null,
      place integer not null,
      is_active boolean not null default true,
      is_default boolean not null default false,
      min_severity text not null check (min_severity in ('info', 'warning', 'critical')),
      client_ids uuid[] not null default '{}',
      queue_id uuid,
      priority smallint check (priority between 1 and 4),
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      foreign key (msp_id, queue_id) references ticket_queue deferrable initially deferred
    )`.execute(db);
  await sql`create unique index ticket_alert_rule_default on ticket_alert_rule (msp_id) where is_default`.execute(db);
  await protectTable(db, 'ticket_alert_rule', { client: 'none' });
  await sql`
    create table ticket_alert (
      msp_id uuid not null,
      client_id uuid not null,
      alert_id uuid not null,
      fingerprint text not null,
      ticket_id uuid,
      rule_id uuid,
      raised_at timestamptz,
      recovered_at timestamptz,
      primary key (msp_id, alert_id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      ${ofTicket}
    )`.execute(db);
  await sql`create index ticket_alert_of_fingerprint on ticket_alert (msp_id, client_id, fingerprint)`.execute(db);
  await sql`create index ticket_alert_of_ticket on ticket_alert (msp_id, client_id, ticket_id) where ticket_id is not null`.execute(
    db,
  );
  await protectTable(db, 'ticket_alert', { client: 'required' });
}
