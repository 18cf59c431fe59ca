import { sql, type Kysely, type RawBuilder } from 'kysely';

/** How a tenant table is walled. */
export interface Protection {
  /**
   * `required`: every row is a client's. `optional`: `client_id` may be null, and such rows are for reach `all` only. `none`: rows belong to the
   * whole MSP and every member of its staff may read them. `self`: the table of clients, whose own id is the client.
   */
  readonly client: 'required' | 'optional' | 'none' | 'self';
  /**
   * Who may see rows at all. `staff` (the default) shows a client's contacts nothing; `all` shows them their clients' rows; an SQL condition, over
   * the row's columns, says which of them. What they see they may write, as far as `access` goes; `read` shows them all and lets them write nothing.
   */
  readonly contacts?: 'none' | 'read' | 'all' | RawBuilder<boolean>;
  /** Which statements the application may run; `append` is select and insert, for what is never changed. */
  readonly access?: 'write' | 'append' | 'read';
}

const MSP = sql`(select nullif(current_setting('app.msp_id', true), '')::uuid)`;
const REACH = sql`(select coalesce(current_setting('app.reach', true), ''))`;
const AUDIENCE = sql`(select coalesce(current_setting('app.audience', true), ''))`;
const STAFF = sql`${AUDIENCE} in ('staff', 'system')`;
// A sub-select, so that PostgreSQL hashes the list once: with 900 clients on a million rows 12 ms, where `= any` took 6.8 s.
const CLIENTS = sql`(select unnest(coalesce(nullif(current_setting('app.client_ids', true), ''), '{}')::uuid[]))`;

/**
 * Puts a tenant table behind row-level security, forced, and grants the application what it may do. Every migration that makes a tenant table calls
 * this on it; `test/tenancy` fails for one that does not.
 */
export async function protectTable(db: Kysely<never>, table: string, protection: Protection): Promise<void> {
  const name = sql.table(table);
  await sql`alter table ${name} enable row level security`.execute(db);
  await sql`alter table ${name} force row level security`.execute(db);
  // Without this a data migration under forced policies would change no row and report success.
  await sql`create policy owner_sees_all on ${name} to bailiwick_owner using (true) with check (true)`.execute(db);
  const visible = sql`msp_id = ${MSP} and ${clientCondition(protection)} and ${contactCondition(protection)}`;
  const writable = protection.contacts === 'read' ? sql`${visible} and ${STAFF}` : visible;
  await sql`create policy tenant_scope on ${name} to bailiwick_app using (${visible}) with check (${writable})`.execute(
    db,
  );
  if (protection.contacts === 'read')
    await sql`create policy staff_removes on ${name} as restrictive for delete to bailiwick_app using (${writable})`.execute(
      db,
    );
  await sql`grant ${sql.raw(grants(protection.access ?? 'write'))} on ${name} to bailiwick_app`.execute(db);
}

function clientCondition({ client }: Protection): RawBuilder<unknown> {
  if (client === 'none') return sql`true`;
  const column = sql.ref(client === 'self' ? 'id' : 'client_id');
  return sql`(${REACH} = 'all' or (${REACH} = 'only' and ${column} in ${CLIENTS}) or (${REACH} = 'except' and ${column} is not null and ${column} not in ${CLIENTS}))`;
}

function contactCondition({ contacts = 'none' }: Protection): RawBuilder<unknown> {
  if (contacts === 'all' || contacts === 'read') return sql`true`;
  if (contacts === 'none') return STAFF;
  return sql`(${STAFF} or (${contacts}))`;
}

function grants(access: NonNullable<Protection['access']>): string {
  if (access === 'read') return 'select';
  return access === 'append' ? 'select, insert' : 'select, insert, update, delete';
}

/** The reader's audience inside a `contacts` condition: `client` or `client_it`. */
export const audienceSetting: RawBuilder<string> = sql<string>`${AUDIENCE}`;
