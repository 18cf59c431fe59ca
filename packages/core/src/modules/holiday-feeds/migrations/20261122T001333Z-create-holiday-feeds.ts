import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Which calendar follows which feed, what was taken of it last, and how the last look at it went. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table holiday_feed (
      msp_id uuid not null,
      id uuid not null,
      calendar_id uuid not null,
      url text not null,
      holidays jsonb not null,
      etag text,
      last_modified text,
      succeeded_at timestamptz not null,
      problem text,
      problem_at timestamptz,
      next_look_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, calendar_id),
      foreign key (msp_id, calendar_id) references sla_calendar deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'holiday_feed', { client: 'none' });
  await sql`create index holiday_feed_to_look on holiday_feed (msp_id, next_look_at)`.execute(db);
}
