import { sql, type Kysely } from 'kysely';

/** By what hours a contract counts, and how its lines charge for what lies outside them, for journeys, and for long entries. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table agreement
      add column calendar_id uuid,
      add foreign key (msp_id, calendar_id) references sla_calendar deferrable initially deferred`.execute(db);
  await sql`
    alter table agreement_line
      drop constraint agreement_line_rounding_check,
      add constraint agreement_line_rounding_check check (rounding in ('up', 'nearest', 'down')),
      add column maximum_minutes integer check (maximum_minutes between 1 and 1440),
      add column charge text not null default 'hourly' check (charge in ('hourly', 'per-entry')),
      add column billable_percent integer not null default 100 check (billable_percent between 0 and 100),
      add column after_hours_percent integer not null default 100 check (after_hours_percent between 100 and 1000),
      add column holiday_percent integer check (holiday_percent between 100 and 1000),
      add column covers_after_hours boolean not null default true,
      add check (minimum_minutes <= coalesce(maximum_minutes, 1440))`.execute(db);
}
