import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../../../test/support/database.ts';

async function connect(connectionString: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

describe('ensureRoles', () => {
  it('gives no role that logs in a way around the policies', async () => {
    await using db = await createTestDatabase();
    await using client = await connect(db.superuserUrl);
    const { rows } = await client.query(
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin
       from pg_roles where rolname like 'bailiwick%' order by rolname`,
    );
    const powerless = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
    };
    expect(rows).toEqual([
      { rolname: 'bailiwick_app', ...powerless, rolcanlogin: true },
      { rolname: 'bailiwick_auth', ...powerless, rolcanlogin: true },
      { rolname: 'bailiwick_finder', ...powerless, rolcanlogin: false },
      { rolname: 'bailiwick_owner', ...powerless, rolcanlogin: true },
    ]);
  });

  it('lets the application own nothing and make nothing', async () => {
    await using db = await createTestDatabase();
    await using client = await connect(db.urls.app);
    await expect(client.query('create table public.mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(client.query('create schema mine')).rejects.toThrow(/permission denied/);
    await expect(client.query('create temporary table mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(client.query('set role bailiwick_owner')).rejects.toThrow(/permission denied/);
    await expect(client.query('set role bailiwick_finder')).rejects.toThrow(/permission denied/);
  });

  it('lets the owner hand a search function over to the finder', async () => {
    await using db = await createTestDatabase({ isEmpty: true });
    await using client = await connect(db.urls.owner);
    await client.query(`
      create table thing (id int);
      create function find_thing() returns setof int language sql security definer as 'select id from thing';
      grant create on schema public to bailiwick_finder;
      alter function find_thing() owner to bailiwick_finder;
      revoke create on schema public from bailiwick_finder`);
    const { rows } = await client.query(
      `select pg_get_userbyid(proowner) as owner from pg_proc where proname = 'find_thing'`,
    );
    expect(rows).toEqual([{ owner: 'bailiwick_finder' }]);
  });
});
