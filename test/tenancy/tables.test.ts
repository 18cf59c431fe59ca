import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { readCatalogue, type CatalogueTable } from './catalogue.ts';
import { NOT_TENANT, violationsOf } from './table-rules.ts';

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.urls.owner });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database[Symbol.asyncDispose]();
});

async function violations(): Promise<string[]> {
  const tables = await readCatalogue(database.superuserUrl);
  const all = new Map<string, CatalogueTable>(tables.map((table) => [table.name, table]));
  return tables.flatMap((table) => violationsOf(table, all));
}

/** Runs a statement that plants a fault, collects what the rules say of it, and takes it back. */
async function withFault(plant: string, remove: string): Promise<string[]> {
  await owner.query(plant);
  try {
    return await violations();
  } finally {
    await owner.query(remove);
  }
}

describe('every table of the schema', () => {
  it('is walled by row-level security, keyed by tenant, and unable to point into another tenant', async () => {
    const tables = await readCatalogue(database.superuserUrl);
    expect(tables.length).toBeGreaterThan(10);
    expect(await violations()).toEqual([]);
  });

  it('names only tables that exist as being without tenants', async () => {
    const names = new Set((await readCatalogue(database.superuserUrl)).map((table) => table.name));
    expect([...NOT_TENANT.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it('catches a table without a policy', async () => {
    const found = await withFault(
      'create table planted (msp_id uuid not null, id uuid not null, primary key (msp_id, id))',
      'drop table planted',
    );
    expect(found).toContain('planted has no row-level security');
    expect(found).toContain('planted has no policy for bailiwick_app');
  });

  it('catches a table without a tenant', async () => {
    expect(await withFault('create table planted (id uuid primary key)', 'drop table planted')).toContain(
      'planted has no msp_id and is not on the list of tables without tenants',
    );
  });

  it('catches a foreign key without client_id', async () => {
    const found = await withFault(
      'create table planted (msp_id uuid not null, id uuid not null, client_id uuid not null, site_id uuid, primary key (msp_id, id), constraint planted_site foreign key (msp_id, site_id) references site (msp_id, id) deferrable initially deferred)',
      'drop table planted',
    );
    expect(found).toContain('planted can point into another client (planted_site)');
  });

  it('catches a policy that forgets the client', async () => {
    const found = await withFault(
      "create policy planted on site to bailiwick_app using (msp_id = (select current_setting('app.msp_id')::uuid))",
      'drop policy planted on site',
    );
    expect(found).toContain('site is not walled by client for reading (policy planted)');
  });
});

describe('the application’s role', () => {
  it('owns nothing, bypasses nothing and cannot become another', async () => {
    const admin = new pg.Client({ connectionString: database.superuserUrl });
    await admin.connect();
    const { rows } = await admin.query(`select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong,
      (select count(*)::int from pg_class where pg_get_userbyid(relowner) = rolname) as owned,
      (select count(*)::int from pg_auth_members where member = r.oid) as memberships
      from pg_roles r where rolname = 'bailiwick_app'`);
    await admin.end();
    expect(rows).toEqual([{ strong: false, owned: 0, memberships: 0 }]);
  });

  it('sees no row where no scope is set, and raises no error', async () => {
    const app = new pg.Client({ connectionString: database.urls.app });
    await app.connect();
    const tables = (await readCatalogue(database.superuserUrl)).filter((table) => table.isRowSecured);
    for (const table of tables) {
      const allowed = await app.query<{ may: boolean }>(`select has_table_privilege($1, 'select') as may`, [
        `public.${table.name}`,
      ]);
      if (allowed.rows[0]?.may !== true) continue;
      const { rows } = await app.query<{ count: string }>(
        `select count(*) as count from ${app.escapeIdentifier(table.name)}`,
      );
      expect(`${table.name}: ${rows[0]?.count}`).toBe(`${table.name}: 0`);
    }
    await app.end();
  });
});
