import { sql, type Kysely } from 'kysely';

/** Lines of hours that are bought ahead: what an hour beyond them costs, and for how long unused ones can still be drawn. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table agreement_line
      drop constraint agreement_line_kind_check,
      add constraint agreement_line_kind_check check (kind in ('flat', 'per-device', 'time-and-materials', 'block-hours')),
      add column overage_price_minor bigint check (overage_price_minor >= 0),
      add column rollover_periods integer not null default 0 check (rollover_periods between 0 and 36),
      add check (kind = 'block-hours' or (overage_price_minor is null and rollover_periods = 0)),
      add check (kind <> 'block-hours' or quantity > 0)`.execute(db);
}
