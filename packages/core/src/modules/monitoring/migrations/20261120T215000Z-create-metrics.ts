import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** What machines report: series, the reports of the last hours, and everything older in sealed blocks. */
export async function up(db: Kysely<never>): Promise<void> {
  await createStream(db);
  await createSeries(db);
  await createReport(db);
  await createBlock(db);
}

async function createStream(db: Kysely<never>): Promise<void> {
  await sql`
    create table metric_stream (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      epoch uuid not null,
      sequence bigint not null,
      last_at timestamptz not null,
      received_at timestamptz not null,
      is_watched boolean not null default true,
      primary key (msp_id, asset_id, epoch),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred
    ) with (fillfactor = 70)`.execute(db);
  await protectTable(db, 'metric_stream', { client: 'required' });
}

async function createSeries(db: Kysely<never>): Promise<void> {
  await sql`
    create table metric_series (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      number smallint not null,
      series text not null,
      name text not null,
      labels jsonb not null,
      unit text,
      first_at timestamptz not null,
      primary key (msp_id, asset_id, number),
      unique (msp_id, asset_id, series),
      foreign key (msp_id, client_id, asset_id) references asset (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create index metric_series_by_name on metric_series (msp_id, name, asset_id)`.execute(db);
  await protectTable(db, 'metric_series', { client: 'required' });
}

async function createReport(db: Kysely<never>): Promise<void> {
  // No reference to the asset: its check would lock, and so write, the asset's row with every report. The stream's row holds it.
  await sql`
    create table metric_report (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      at timestamptz not null,
      stream integer not null,
      sequence bigint not null,
      series smallint[] not null,
      value double precision[] not null,
      primary key (msp_id, asset_id, at, stream, sequence),
      check (cardinality(series) = cardinality(value))
    )`.execute(db);
  await protectTable(db, 'metric_report', { client: 'required' });
}

async function createBlock(db: Kysely<never>): Promise<void> {
  await sql`
    create table metric_block (
      msp_id uuid not null,
      client_id uuid not null,
      asset_id uuid not null,
      series smallint not null,
      hour timestamptz not null,
      count integer not null,
      minimum double precision not null,
      maximum double precision not null,
      mean double precision not null,
      samples bytea,
      primary key (msp_id, asset_id, series, hour)
    )`.execute(db);
  await sql`create index metric_block_with_samples on metric_block (msp_id, hour) where samples is not null`.execute(
    db,
  );
  await protectTable(db, 'metric_block', { client: 'required' });
}
