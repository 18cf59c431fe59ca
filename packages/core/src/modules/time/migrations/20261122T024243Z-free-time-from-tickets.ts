import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Work is for a client, and need not be on a ticket; whoever corrects or removes an entry says why. */
export async function up(db: Kysely<never>): Promise<void> {
  // Without a ticket nothing else says that the client is one.
  await sql`
    alter table time_entry
      alter column ticket_id drop not null,
      add foreign key (msp_id, client_id) references client deferrable initially deferred`.execute(db);
  await sql`
    alter table time_timer
      drop constraint time_timer_pkey,
      alter column ticket_id drop not null,
      add column id uuid not null default gen_random_uuid(),
      add primary key (msp_id, id),
      add unique (msp_id, client_id, id),
      add constraint time_timer_once unique nulls not distinct (msp_id, staff_id, client_id, ticket_id),
      add foreign key (msp_id, client_id) references client deferrable initially deferred`.execute(db);
  await sql`alter table time_timer alter column id drop default`.execute(db);
  await createChange(db);
}

/** Never changed itself, and stays when its entry is gone. */
async function createChange(db: Kysely<never>): Promise<void> {
  await sql`
    create table time_change (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      ticket_id uuid,
      entry_id uuid not null,
      staff_id uuid not null,
      kind text not null check (kind in ('corrected', 'removed')),
      reason text not null check (reason <> ''),
      by_label text not null,
      at timestamptz not null,
      -- When the work began that was corrected or removed: the day on whose timesheet it was.
      started_at timestamptz not null,
      before jsonb not null,
      after jsonb check ((after is null) = (kind = 'removed')),
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, ticket_id) references ticket (msp_id, client_id, id) on update cascade deferrable initially deferred,
      foreign key (msp_id, staff_id) references identity_staff deferrable initially deferred
    )`.execute(db);
  await sql`create index time_change_of_entry on time_change (msp_id, entry_id, id)`.execute(db);
  await sql`create index time_change_of_ticket on time_change (msp_id, ticket_id, id) where kind = 'removed'`.execute(
    db,
  );
  await sql`create index time_change_of_staff on time_change (msp_id, staff_id, started_at) where kind = 'removed'`.execute(
    db,
  );
  await sql`create index time_change_of_client on time_change (msp_id, client_id, ticket_id)`.execute(db);
  await protectTable(db, 'time_change', { client: 'required', access: 'append' });
}
