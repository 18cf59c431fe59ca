import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FixedClock } from '#kernel/clock';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { ScopedDb } from '#platform/db/scoped-db';
import { readTableShapes } from '#platform/db/table-shapes';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { AssetQueries, listAssetsInput } from './asset-queries.ts';
import { SoftwareQueries } from './software-queries.ts';

// Fewer, and sorting one client's rows is as cheap as walking them in order.
const ASSETS = 40_000;
const NOW = '2026-11-20T09:00:00Z';

let app: TestApp;
let mspId: MspId;
let clientIds: ClientId[];
let db: ScopedDb;
const sent: { text: string; values: unknown[] }[] = [];

beforeAll(async () => {
  app = await startTestApp();
  ({ mspId, clientIds } = await buildMsp(app, { clients: 40 }));
  await fill(app.database.superuserUrl);
  db = new ScopedDb({ pool: listening(app.pool), shapes: await readTableShapes(app.pool), prepared: false });
}, 180_000);
afterAll(() => app[Symbol.asyncDispose]());

/** Rows past the use cases: the plans need volume, not meaning. */
async function fill(superuserUrl: string): Promise<void> {
  const admin = new pg.Client({ connectionString: superuserUrl });
  await admin.connect();
  await admin.query(
    `insert into asset (msp_id, id, client_id, kind, name, source, is_managed, serial_number, created_at)
     select $1, gen_random_uuid(), ($2::uuid[])[case when n % 4 = 0 then 1 else 1 + n % 40 end], 'server', 'host-' || md5(n::text), 'agent', true, upper(substr(md5('s' || n), 1, 10)), $3 from generate_series(1, ${ASSETS}) n`,
    [mspId, clientIds, NOW],
  );
  await admin.query(
    `insert into asset_presence select msp_id, id, client_id, timestamptz '2026-11-20 09:00Z' - random() * interval '90 days' from asset where msp_id = $1`,
    [mspId],
  );
  await admin.query(
    `insert into asset_software (msp_id, client_id, asset_id, manager, name, architecture, version, publisher, first_seen_at)
     select msp_id, client_id, id, 'deb', 'package-' || n, 'amd64', '1.' || (n % 7), '', $2::timestamptz from asset, generate_series(1, 2) n where msp_id = $1
     union all select msp_id, client_id, id, 'deb', 'rare-' || substr(name, 6, 4), 'amd64', '1', '', $2::timestamptz from asset where msp_id = $1`,
    [mspId, NOW],
  );
  await admin.query('vacuum analyze asset');
  await admin.query('vacuum analyze asset_presence');
  await admin.query('vacuum analyze asset_software');
  await admin.end();
}

/** The pool, with what goes over it written down: the plans must be those of the statements that are really sent. */
function listening(pool: pg.Pool): pg.Pool {
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    return new Proxy(client, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const [first] = args;
          if (name === 'query' && typeof first === 'object' && first !== null && 'text' in first)
            sent.push(first as (typeof sent)[number]);
          return (value as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  };
  return { connect } as unknown as pg.Pool;
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

/** All nodes of the plan of the one statement that `work` sends. */
async function planOf(scope: TenantScope, work: () => Promise<unknown>): Promise<Plan[]> {
  sent.length = 0;
  await work();
  const [statement] = sent;
  if (statement === undefined) throw new Error('nothing was sent');
  const [row] = await db.transaction(scope, (tx) =>
    tx.sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (analyze, format json) ${statement.text}`, statement.values),
  );
  const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];
  if (row === undefined) throw new Error('there is a plan');
  return flat(row['QUERY PLAN'][0].Plan);
}

const indexes = (plan: readonly Plan[]): string[] => plan.flatMap((node) => node['Index Name'] ?? []);
const wholeTables = (plan: readonly Plan[]): string[] =>
  plan.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : []));
const mostRows = (plan: readonly Plan[]): number => Math.max(...plan.map((node) => node['Actual Rows']));

describe('the list of assets', () => {
  const queries = (): AssetQueries => new AssetQueries({ db, clock: new FixedClock(NOW) });
  const input = (fields: object = {}) => listAssetsInput.parse(fields);

  it('reads a page by name from the index, the first and one deep inside', async () => {
    const scope = staffScope(mspId);
    expect(indexes(await planOf(scope, () => queries().list(scope, input())))).toContain('asset_by_name');
    const cursor = Buffer.from(JSON.stringify(['host-e', clientIds[0]])).toString('base64url');
    const deep = await planOf(scope, () => queries().list(scope, input({ cursor })));
    expect(deep.find((node) => node['Index Name'] === 'asset_by_name')?.['Index Cond']).toContain('name_sort');
    expect(mostRows(deep)).toBeLessThanOrEqual(60);
  });

  it('reads one client’s page from its own index, by filter and by reach', async () => {
    const wide = staffScope(mspId);
    const narrow = staffScope(mspId, { kind: 'only', clientIds: clientIds.slice(0, 1) });
    expect(indexes(await planOf(wide, () => queries().list(wide, input({ clientId: clientIds[0] }))))).toContain(
      'asset_of_client_by_name',
    );
    const plan = await planOf(narrow, () => queries().list(narrow, input()));
    expect(wholeTables(plan)).toEqual([]);
    expect(mostRows(plan)).toBeLessThanOrEqual(ASSETS / 4);
  });

  it('reads a page by last seen from the index of presence, deep inside too', async () => {
    const scope = staffScope(mspId);
    const cursor = Buffer.from(JSON.stringify(['2026-10-01 12:00:00+00', clientIds[0]])).toString('base64url');
    const plan = await planOf(scope, () => queries().list(scope, input({ sort: 'last-seen', cursor })));
    expect(indexes(plan)).toContain('asset_presence_by_time');
    expect(mostRows(plan)).toBeLessThanOrEqual(60);
  });

  it('searches through the trigram index, and only in its scope', async () => {
    const scope = staffScope(mspId);
    const admin = new pg.Client({ connectionString: app.database.superuserUrl });
    await admin.connect();
    const { rows } = await admin.query<{ serial_number: string; client_id: ClientId }>(
      'select serial_number, client_id from asset where msp_id = $1 limit 1',
      [mspId],
    );
    const [sample] = rows;
    if (sample === undefined) throw new Error('there are assets');
    const part = sample.serial_number.slice(2, 9).toLowerCase();
    const found = await queries().list(scope, input({ search: part }));
    expect(found.items.map((item) => item.serialNumber)).toContain(sample.serial_number);
    const elsewhere = staffScope(mspId, { kind: 'except', clientIds: [sample.client_id] });
    expect((await queries().list(elsewhere, input({ search: part }))).items).toEqual([]);
    // Inside the function the plan is out of sight: its body is asked for as the role that runs it.
    await admin.query('begin; set local role bailiwick_finder');
    const plan = await admin.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, format json) select id from asset where search_text like $1 limit 5000`,
      [`%${part}%`],
    );
    await admin.end();
    const flat = (node: Plan): Plan[] => [node, ...(node.Plans ?? []).flatMap(flat)];
    const [answer] = plan.rows;
    expect(answer === undefined ? [] : indexes(flat(answer['QUERY PLAN'][0].Plan))).toContain('asset_search');
  });

  it('takes wildcards in a search literally', async () => {
    const scope = staffScope(mspId);
    for (const search of ['%', '_____', '\\', "'; drop table asset; --"])
      expect((await queries().list(scope, input({ search }))).items).toEqual([]);
  });

  it('refuses a cursor that it did not give', async () => {
    const scope = staffScope(mspId);
    for (const keyset of [
      ['a', 'not-an-id'],
      [1, clientIds[0]],
      ['x', null],
    ]) {
      const cursor = Buffer.from(JSON.stringify(keyset)).toString('base64url');
      await expect(queries().list(scope, input({ cursor }))).rejects.toMatchObject({ code: 'page.bad-cursor' });
    }
    const cursor = Buffer.from(JSON.stringify(['yesterday', clientIds[0]])).toString('base64url');
    await expect(queries().list(scope, input({ cursor, sort: 'last-seen' }))).rejects.toMatchObject({
      code: 'page.bad-cursor',
    });
  });
});

describe('software over all clients', () => {
  it('finds who has one name by index', async () => {
    const scope = staffScope(mspId);
    const software = new SoftwareQueries({ db });
    const holders = await planOf(scope, () => software.holders(scope, { name: 'rare-0000', limit: 50 }));
    expect(wholeTables(holders)).not.toContain('asset_software');
    const titles = await planOf(scope, () => software.titles(scope, { namePrefix: 'rare-00', limit: 50 }));
    expect(wholeTables(titles)).not.toContain('asset_software');
    expect(titles.some((node) => node['Index Cond']?.includes('rare-00'))).toBe(true);
  });
});
