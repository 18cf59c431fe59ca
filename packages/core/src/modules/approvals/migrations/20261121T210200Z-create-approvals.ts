import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Approvals of a ticket, whom they ask, and the answers. A contact sees what asks them, and their own answer. */
export async function up(db: Kysely<never>): Promise<void> {
  await createApproval(db);
  await createSteps(db);
  await protect(db);
}

async function createApproval(db: Kysely<never>): Promise<void> {
  await sql`
    create table approval (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid not null,
      subject text not null,
      body text not null,
      amount_minor bigint,
      currency text,
      mode text not null check (mode in ('one', 'all', 'sequence')),
      state text not null check (state in ('pending', 'approved', 'refused', 'expired', 'withdrawn')),
      turn integer not null,
      due_at timestamptz,
      reminded_at timestamptz,
      requested_by_id uuid,
      requested_by_label text not null,
      created_at timestamptz not null,
      ended_at timestamptz,
      version integer not null default 1,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      check ((amount_minor is null) = (currency is null))
    )`.execute(db);
  await sql`create index approval_of_ticket on approval (msp_id, ticket_id, id)`.execute(db);
  await sql`create index approval_due on approval (msp_id, due_at) where state = 'pending' and due_at is not null`.execute(
    db,
  );
}

async function createSteps(db: Kysely<never>): Promise<void> {
  await sql`
    create table approval_step (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      approval_id uuid not null,
      place integer not null,
      contact_id uuid,
      staff_id uuid,
      name text not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, approval_id, place),
      foreign key (msp_id, client_id, approval_id) references approval (msp_id, client_id, id) on update cascade deferrable initially deferred,
      check ((contact_id is null) <> (staff_id is null))
    )`.execute(db);
  await sql`create index approval_step_of_contact on approval_step (msp_id, contact_id, id) where contact_id is not null`.execute(
    db,
  );
  await sql`create index approval_step_of_staff on approval_step (msp_id, staff_id, id) where staff_id is not null`.execute(
    db,
  );
  await sql`
    create table approval_decision (
      msp_id uuid not null,
      client_id uuid not null,
      approval_id uuid not null,
      step_id uuid not null,
      answer text not null check (answer in ('approved', 'refused')),
      comment text not null,
      by_label text not null,
      at timestamptz not null,
      primary key (msp_id, step_id),
      foreign key (msp_id, client_id, approval_id) references approval (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, client_id, step_id) references approval_step (msp_id, client_id, id) on update cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index approval_decision_of_approval on approval_decision (msp_id, approval_id)`.execute(db);
}

async function protect(db: Kysely<never>): Promise<void> {
  const actor = sql`(select nullif(current_setting('app.actor_id', true), '')::uuid)`;
  await protectTable(db, 'approval_step', { client: 'required', contacts: sql<boolean>`contact_id = ${actor}` });
  await protectTable(db, 'approval', {
    client: 'required',
    contacts: sql<boolean>`exists (select 1 from approval_step s where s.msp_id = approval.msp_id and s.approval_id = approval.id and s.contact_id = ${actor})`,
  });
  await protectTable(db, 'approval_decision', {
    client: 'required',
    access: 'append',
    contacts: sql<boolean>`exists (select 1 from approval_step s where s.msp_id = approval_decision.msp_id and s.id = approval_decision.step_id and s.contact_id = ${actor})`,
  });
}
