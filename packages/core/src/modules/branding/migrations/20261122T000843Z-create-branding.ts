import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** The logo of the MSP, and what of its look is another for a client. Small enough for a row: then it is walled, kept and restored with all else. */
export async function up(db: Kysely<never>): Promise<void> {
  const logo = sql`
      logo bytea check (length(logo) <= 262144),
      logo_type text check (logo_type in ('image/png', 'image/jpeg', 'image/webp')),
      changed_at timestamptz not null,
      check ((logo is null) = (logo_type is null))`;
  await sql`
    create table branding_msp (
      msp_id uuid primary key references msp deferrable initially deferred,
      ${logo}
    )`.execute(db);
  await protectTable(db, 'branding_msp', { client: 'none', contacts: 'read' });
  await sql`
    create table branding_client (
      msp_id uuid not null,
      client_id uuid not null,
      accent_hue smallint check (accent_hue between 0 and 359),
      ${logo},
      primary key (msp_id, client_id),
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'branding_client', { client: 'required', contacts: 'read' });
}
