import { CallFailed } from '@bailiwick/plugin-runtime';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addConnectionRows } from '../../../../../test/support/connection-rows.ts';
import { ScopeVendors, scopeOf } from '../../../../../test/support/scope-vendors.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '#kernel/id';
import { CreateAsset } from '#modules/assets';
import { ScopedDb } from '#platform/db/scoped-db';
import { DiscoverScopes } from './discover-scopes.ts';
import { ScopeListQueries } from './scope-list-queries.ts';
import { ScopeQueries } from './scope-queries.ts';

let app: TestApp;
let vendors: ScopeVendors;
beforeAll(async () => {
  app = await startTestApp();
  vendors = new ScopeVendors(app);
});
afterAll(() => app[Symbol.asyncDispose]());
const discover: ScopeVendors['discover'] = (...args) => vendors.discover(...args);
const statesOf: ScopeVendors['statesOf'] = (...args) => vendors.statesOf(...args);
const one: ScopeVendors['one'] = (...args) => vendors.one(...args);
const addClient: ScopeVendors['addClient'] = (...args) => vendors.addClient(...args);

const list: ScopeVendors['list'] = (...args) => vendors.list(...args);

async function issuesOf(mspId: MspId): Promise<string[]> {
  const rows = await app.container
    .resolve(ScopedDb)
    .transaction(systemScope(mspId), (tx) =>
      tx.sql<{ key: string }>('select key from plugin_issue where closed_at is null order by key'),
    );
  return rows.map((row) => row.key);
}

describe('DiscoverScopes', () => {
  it('maps what is exact, suggests what is likely, leaves conflicts to people, and writes nothing the second time', async () => {
    const { mspId } = await buildMsp(app);
    const hartley = await addClient(mspId, 'Hartley', ['hartley.example']);
    await addClient(mspId, 'Brook Dental', ['brook.example']);
    const connectionId = await addConnectionRows(app, mspId);
    const listed = [
      scopeOf('exact', { hints: { domains: ['hartley.example'] } }),
      scopeOf('name', { name: 'Brook Dental Ltd' }),
      scopeOf('both', { hints: { domains: ['hartley.example', 'brook.example'] } }),
      scopeOf('nobody', { name: 'Zebra' }),
    ];
    expect(await discover(mspId, connectionId, listed)).toEqual({
      exact: 'mapped',
      name: 'suggested',
      both: 'conflict',
      nobody: 'unmapped',
    });
    const exact = await one(mspId, connectionId, 'exact');
    expect(exact).toMatchObject({ client: { clientId: hartley }, readsEnabled: true, actionsEnabled: false });
    expect(exact.evidence).toEqual([
      { clientId: hartley, kind: 'domain', detail: 'The domain hartley.example is this client’s.' },
    ]);
    const before = await list(mspId, connectionId);
    await discover(mspId, connectionId, listed);
    expect(await list(mspId, connectionId)).toEqual(before);
    const { history } = await app.container.resolve(ScopeListQueries).get(staffScope(mspId), exact.id);
    expect(history.map((step) => step.kind)).toEqual(['mapped', 'found']);
  });

  it('suggests by device serials that are one client’s assets', async () => {
    const { mspId } = await buildMsp(app);
    const clientId = await addClient(mspId, 'Devices');
    for (const serial of ['SER-1', 'SER-2', 'SER-3']) await addAsset(mspId, clientId, serial);
    const connectionId = await addConnectionRows(app, mspId);
    const states = await discover(mspId, connectionId, [
      scopeOf('d', { name: 'Q', hints: { deviceSerials: ['ser-1', 'SER-2', 'SER-3'] } }),
    ]);
    expect(states).toEqual({ d: 'suggested' });
  });

  it('refuses an empty list after a full one, and says so once', async () => {
    const { mspId } = await buildMsp(app);
    const connectionId = await addConnectionRows(app, mspId);
    await discover(mspId, connectionId, [scopeOf('a')]);
    expect(await discover(mspId, connectionId, [])).toEqual({ a: 'unmapped' });
    expect(await issuesOf(mspId)).toEqual(['empty-scope-discovery']);
    await discover(mspId, connectionId, [scopeOf('a')]);
    expect(await issuesOf(mspId)).toEqual([]);
  });

  it('keeps mapping and data of a scope that vanishes, is renamed, and comes back', async () => {
    const { mspId } = await buildMsp(app);
    await addClient(mspId, 'Hartley', ['hartley.example']);
    const connectionId = await addConnectionRows(app, mspId);
    const mine = scopeOf('a', { hints: { domains: ['hartley.example'] } });
    await discover(mspId, connectionId, [mine, scopeOf('b')]);
    expect(await discover(mspId, connectionId, [scopeOf('b')])).toEqual({ a: 'lost', b: 'unmapped' });
    expect(await app.container.resolve(ScopeQueries).enabled(staffScope(mspId), connectionId)).toEqual([]);
    expect(await discover(mspId, connectionId, [{ ...mine, name: 'New name' }, scopeOf('b')])).toMatchObject({
      a: 'mapped',
    });
    const { history } = await app.container
      .resolve(ScopeListQueries)
      .get(staffScope(mspId), (await one(mspId, connectionId, 'a')).id);
    expect(history.map((step) => step.kind)).toEqual(expect.arrayContaining(['lost', 'renamed', 'returned']));
    const [enabled] = await app.container.resolve(ScopeQueries).enabled(staffScope(mspId), connectionId);
    expect(enabled).toMatchObject({ externalId: 'a', name: 'New name' });
  });

  it('warns 30, 7 and 1 days before access ends, and ends it', async () => {
    const { mspId } = await buildMsp(app);
    const connectionId = await addConnectionRows(app, mspId);
    const ends = (days: number) =>
      app.clock
        .now()
        .add({ hours: days * 24 })
        .toString();
    const states = await discover(mspId, connectionId, [
      scopeOf('later', { validUntil: ends(31) }),
      scopeOf('month', { validUntil: ends(30) }),
      scopeOf('week', { validUntil: ends(7) }),
      scopeOf('day', { validUntil: ends(1) }),
      scopeOf('over', { validUntil: ends(-1) }),
    ]);
    expect(states).toMatchObject({ later: 'unmapped', over: 'expired' });
    expect(await issuesOf(mspId)).toEqual([
      'access-ended',
      'access-ends-in-1-day',
      'access-ends-in-30-days',
      'access-ends-in-7-days',
    ]);
    await discover(mspId, connectionId, [scopeOf('later'), scopeOf('over', { validUntil: ends(90) })]);
    expect(await issuesOf(mspId)).toEqual([]);
    expect(await statesOf(mspId, connectionId)).toMatchObject({ over: 'unmapped', day: 'lost' });
  });

  it('changes nothing where the vendor fails half-way, and tries again only what may pass', async () => {
    const { mspId } = await buildMsp(app);
    const connectionId = await addConnectionRows(app, mspId);
    await discover(mspId, connectionId, [scopeOf('a')]);
    expect(await discover(mspId, connectionId, new CallFailed('VendorBug', 'No list.'))).toEqual({ a: 'unmapped' });
    expect(await issuesOf(mspId)).toEqual(['scope-discovery-failed']);
    await expect(discover(mspId, connectionId, new CallFailed('Transient', 'Later.'))).rejects.toThrow('Later.');
    const discovery = await app.container.resolve(ScopeListQueries).discovery(staffScope(mspId), connectionId);
    expect(discovery).toMatchObject({ state: 'failed', message: 'Later.' });
  });

  it('gives a client’s own connection to that client, unless a key is another’s', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    await addClient(mspId, 'Brook Dental', ['brook.example']);
    const connectionId = await addConnectionRows(app, mspId, { clientId: clientIds[0]! });
    const states = await discover(mspId, connectionId, [
      scopeOf('own'),
      scopeOf('not', { hints: { domains: ['brook.example'] } }),
    ]);
    expect(states).toEqual({ own: 'mapped', not: 'conflict' });
  });
});

describe('a vendor with 2,000 scopes', () => {
  it('costs no more statements than one with 20', async () => {
    const [many, few] = [await statementsFor(2000), await statementsFor(20)];
    expect(few).toBeGreaterThan(10);
    // The app's own timers may ask something meanwhile; a statement for each scope would be two thousand.
    expect(many).toBeLessThan(few + 20);
  });
});

async function addAsset(mspId: MspId, clientId: ClientId, serial: string): Promise<void> {
  const scope = systemScope(mspId);
  const { assetId } = await app.container
    .resolve(CreateAsset)
    .run(scope, { clientId, name: serial, kind: 'workstation' } as never);
  await app.container
    .resolve(ScopedDb)
    .transaction(scope, (tx) =>
      tx.sql(
        `insert into asset_evidence (msp_id, client_id, asset_id, kind, value, source, first_seen_at, last_seen_at) values ($1, $2, $3, 'serial-number', $4, 'test', now(), now()) on conflict do nothing`,
        [mspId, clientId, assetId, serial],
      ),
    );
}

/** How many statements it takes to find and map so many scopes. */
async function statementsFor(size: number): Promise<number> {
  const { mspId } = await buildMsp(app);
  for (let at = 0; at < 5; at += 1) await addClient(mspId, `Client ${at}`, [`c${at}.example`]);
  const connectionId = await addConnectionRows(app, mspId);
  const listed = Array.from({ length: size }, (_, at) =>
    scopeOf(`s${at}`, { hints: { domains: [`c${at % 5}.example`, `d${at}.example`] } }),
  );
  vendors.listed.set(connectionId, listed);
  const query = vi.spyOn(pg.Client.prototype, 'query');
  await app.container.resolve(DiscoverScopes).run(systemScope(mspId), connectionId);
  const statements = query.mock.calls.length;
  query.mockRestore();
  const { byState } = await app.container.resolve(ScopeListQueries).count(staffScope(mspId), { connectionId });
  expect(byState.mapped).toBe(size);
  return statements;
}
