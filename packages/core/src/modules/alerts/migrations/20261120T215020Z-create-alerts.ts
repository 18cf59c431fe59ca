import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Alerts, one open for each fingerprint, and what happened to each. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table alert (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      asset_id uuid,
      check_id uuid,
      fingerprint text not null,
      source text not null,
      title text not null,
      message text not null,
      series text not null,
      severity text not null check (severity in ('info', 'warning', 'critical')),
      state text not null check (state in ('open', 'acknowledged', 'recovered')),
      value double precision,
      threshold double precision,
      occurrence_count integer not null default 1,
      opened_at timestamptz not null,
      last_seen_at timestamptz not null,
      acknowledged_at timestamptz,
      acknowledged_by text,
      recovered_at timestamptz,
      version integer not null default 1,
      is_active boolean not null generated always as (state <> 'recovered') stored,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred,
      check ((state = 'recovered') = (recovered_at is not null)),
      check ((acknowledged_at is null) = (acknowledged_by is null))
    )`.execute(db);
  // What holds "one open alert a fingerprint", whoever raises it at the same moment.
  await sql`create unique index alert_active on alert (msp_id, fingerprint) where state <> 'recovered'`.execute(db);
  await sql`create index alert_by_opening on alert (msp_id, opened_at, id)`.execute(db);
  await sql`create index alert_of_client_by_opening on alert (msp_id, client_id, opened_at, id)`.execute(db);
  await sql`create index alert_active_by_opening on alert (msp_id, is_active, opened_at, id)`.execute(db);
  await sql`create index alert_active_of_client_by_opening on alert (msp_id, client_id, is_active, opened_at, id)`.execute(
    db,
  );
  await sql`create index alert_of_asset on alert (msp_id, asset_id, opened_at, id)`.execute(db);
  await protectTable(db, 'alert', { client: 'required' });
  await sql`
    create table alert_event (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      alert_id uuid not null,
      kind text not null check (kind in ('raised', 'repeated', 'acknowledged', 'recovered')),
      at timestamptz not null,
      message text not null,
      value double precision,
      actor_label text not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id, alert_id) references alert (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index alert_event_of_alert on alert_event (msp_id, alert_id, at, id)`.execute(db);
  await protectTable(db, 'alert_event', { client: 'required', access: 'append' });
}
