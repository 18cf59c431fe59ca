import { sql, type Kysely } from 'kysely';

/** Open clocks from before verdicts were columns say "none" there, and are warned of by nobody: they are marked, and worked through in batches afterwards (`sla.fill-outcomes`). */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table sla_ticket add column needs_outcomes boolean not null default false`.execute(db);
  await sql`
    update sla_ticket set needs_outcomes = true
    where policy_version_id is not null and next_warning_at is null and (
      (response_verdict = 'none' and clocks -> 'response' -> 'end' = 'null'::jsonb) or
      (resolution_verdict = 'none' and clocks -> 'resolution' -> 'end' = 'null'::jsonb) or
      (update_cycles = 0 and clocks -> 'updates' <> '[]'::jsonb))`.execute(db);
  // Keys that are checked at commit would keep the table from being altered after rows of it were.
  await sql`set constraints all immediate`.execute(db);
  await sql`set constraints all deferred`.execute(db);
  await sql`create index sla_ticket_needs_outcomes on sla_ticket (msp_id, ticket_id) where needs_outcomes`.execute(db);
}
