import { runPass, type PassInput, type StreamDescription } from '@bailiwick/plugin-runtime';
import type { Batch } from '@bailiwick/sdk';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemScope, startTestApp, buildMsp, staffScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { seedConnection, type SeededConnection } from '../../../../../test/support/plugin-connection.ts';
import { ClockToken } from '../../kernel/tokens.ts';
import type { TenantScope } from '../../kernel/tenant-scope.ts';
import type { ClientId } from '../../kernel/id.ts';
import { AlertQueries, listAlertsInput } from '../alerts/alert-queries.ts';
import { MarkSeen } from '../assets/mark-seen.ts';
import { AssetQueries, listAssetsInput } from '../assets/asset-queries.ts';
import { ScopedDb } from '../../platform/db/scoped-db.ts';
import { JobQueue } from '../../platform/jobs/job-queue.ts';
import { EntityStore } from './entity-store.ts';
import { LandRecords } from './land-records.ts';
import { EntityQueries, listRecordsInput } from './record-queries.ts';
import { RehomeRecords } from './rehome-records.ts';
import { StreamStateStore } from './stream-state-store.ts';
import { PostgresStreamStore } from './stream-store.ts';
import type { EntityId, StreamId, SyncTables } from './sync-table.ts';

let app: TestApp;
let scope: TenantScope;
let clientIds: ClientId[];
let account: SeededConnection;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

beforeEach(async () => {
  const msp = await buildMsp(app, { clients: 2 });
  scope = systemScope(msp.mspId);
  clientIds = msp.clientIds;
  account = await seedConnection(app, scope, { scopes: { north: msp.clientIds[0] ?? null, south: null } });
});

function streamOf(entity: StreamDescription['entity'], mode: StreamDescription['mode'] = 'full'): StreamDescription {
  return {
    name: `${entity}s`,
    connection: 'account',
    label: entity,
    entity,
    mode,
    grain: 'connection',
    every: 'PT5M',
    cursorVersion: 1,
  };
}

async function pass(
  stream: StreamDescription,
  batches: readonly unknown[] | (() => AsyncIterable<unknown>),
  more: Partial<PassInput> = {},
) {
  const db = app.container.resolve(ScopedDb).typed<SyncTables>();
  const streams = app.container.resolve(StreamStateStore);
  const streamId = await db.transaction(scope, async (tx) => {
    await streams.want(
      tx,
      [{ connectionId: account.id, scopeId: null, clientId: null, name: stream.name, entity: stream.entity }],
      app.clock.now(),
    );
    const [row] = await tx.sql<{ id: StreamId }>(
      'select id from plugin_stream where msp_id = $1 and connection_id = $2 and name = $3',
      [scope.mspId, account.id, stream.name],
    );
    return row?.id ?? expect.fail('the stream was not made');
  });
  const store = new PostgresStreamStore(
    {
      db,
      entities: app.container.resolve(EntityStore),
      markSeen: app.container.resolve(MarkSeen),
      jobs: app.container.resolve(JobQueue),
      clock: app.container.resolve(ClockToken),
    },
    scope,
    {
      streamId,
      connectionId: account.id,
      mode: stream.mode,
      cursorVersion: stream.cursorVersion,
      clientId: null,
      homes: account.homes,
    },
  );
  const pull = async function* () {
    yield* typeof batches === 'function' ? batches() : batches;
  };
  return runPass({
    pull,
    stream,
    store,
    scopes: { kind: 'known', scopes: new Set(account.homes.keys()) },
    ...more,
  });
}

function devices(count: number, inScope = 'north', model = 'R650'): Batch<'device'> {
  return {
    upserts: Array.from({ length: count }, (_, index) => ({
      id: `${index}`,
      scope: inScope,
      data: { name: `srv-${index}`, serialNumber: `SER-${inScope}-${index}`, model },
    })),
  };
}

/** The transaction that last wrote each record. */
async function rowVersions(): Promise<object[]> {
  const db = app.container.resolve(ScopedDb);
  return db.transaction(scope, (tx) =>
    tx.sql('select xmin::text, id from plugin_entity where msp_id = $1 order by id', [scope.mspId]),
  );
}

async function records(entity: string, as: TenantScope = scope, state: 'present' | 'gone' | 'all' = 'present') {
  const input = listRecordsInput.parse({ entity, limit: 200, state });
  return (await app.container.resolve(EntityQueries).list(as, input)).items;
}

test('the second pass over the same list writes no record', async () => {
  const stream = streamOf('device');
  expect(await pass(stream, [devices(30), devices(20, 'south')])).toMatchObject({ added: 50, end: 'complete' });
  const before = await rowVersions();
  expect(await pass(stream, [devices(30), devices(20, 'south')])).toMatchObject({
    added: 0,
    changed: 0,
    unchanged: 50,
    deleted: 0,
  });
  const after = await rowVersions();
  expect(after).toHaveLength(50);
  expect(after).toEqual(before);
});

test('equal ids in two scopes are two records, and those of an unmapped scope stay with the MSP', async () => {
  await pass(streamOf('device'), [{ upserts: [...devices(3).upserts, ...devices(3, 'south').upserts] }]);
  const all = await records('device');
  expect(all).toHaveLength(6);
  expect(all.filter((record) => record.clientId === null)).toHaveLength(3);
  const [first] = clientIds;
  const narrow = staffScope(scope.mspId, { kind: 'only', clientIds });
  expect(await records('device', narrow)).toHaveLength(3);
  expect((await records('device', narrow)).every((record) => record.clientId === first)).toBe(true);
});

test('a clean pass tombstones what it did not see; a broken one nothing', async () => {
  const stream = streamOf('licence');
  const licence = (id: number) => ({
    id: `${id}`,
    scope: 'north',
    data: { name: `Plan ${id}`, sku: `p${id}`, total: 5, assigned: id },
  });
  const ten = Array.from({ length: 10 }, (_, id) => licence(id));
  await pass(stream, [{ upserts: ten }]);
  const broken = await pass(stream, async function* () {
    yield { upserts: ten.slice(0, 2) };
    throw Object.assign(new Error('page two'), { name: 'unused' });
  }).catch(() => 'threw');
  expect(broken).toBe('threw');
  expect(await records('licence')).toHaveLength(10);
  // The stopped pass goes on with its generation: what it saw counts.
  expect(await pass(stream, [{ upserts: ten.slice(2, 9) }])).toMatchObject({ deleted: 1, heldBack: null });
  expect((await records('licence', scope, 'gone')).map((record) => record.externalId)).toEqual(['9']);
  const gone = (await records('licence', scope, 'gone'))[0] ?? expect.fail('nothing is gone');
  const { history } = await app.container.resolve(EntityQueries).get(scope, gone.id as EntityId);
  expect(history.map((version) => version.kind).toSorted()).toEqual(['added', 'deleted']);
});

test('an empty list after a full one is held back, until a person accepts it', async () => {
  const stream = streamOf('device');
  await pass(stream, [devices(20)]);
  expect(await pass(stream, [{ upserts: [] }])).toMatchObject({ deleted: 0, heldBack: { unseen: 20, live: 20 } });
  expect(await records('device')).toHaveLength(20);
  expect(await pass(stream, [{ upserts: [] }], { acceptsSweep: true })).toMatchObject({ deleted: 20, heldBack: null });
});

test('ids that change their type delete nothing', async () => {
  const stream = streamOf('device');
  await pass(stream, [devices(20)]);
  const odd = {
    upserts: devices(20).upserts.map((record, index) => ({ ...record, id: index < 2 ? index : record.id })),
  };
  expect(await pass(stream, [odd])).toMatchObject({ refusedCount: 2, deleted: 0 });
  expect(await records('device')).toHaveLength(20);
});

test('a pass that is stopped after any batch goes on from its cursor to the same end', async () => {
  const stream = streamOf('user', 'incremental');
  const user = (id: number) => ({
    id: `${id}`,
    scope: 'north',
    data: { name: `U${id}`, loginName: `u${id}`, isEnabled: true },
  });
  const from = (at: number) =>
    async function* () {
      for (let id = at; id < 5; id += 1) yield { upserts: [user(id)], cursor: id + 1 };
    };
  expect(await pass(stream, from(0), { budget: { batches: 2 } })).toMatchObject({ end: 'budget', added: 2 });
  let began: unknown;
  await pass(stream, [], { pull: (call) => ((began = call.cursor), from(Number(call.cursor))()) });
  expect(began).toBe(2);
  expect(await records('user')).toHaveLength(5);
});

test('devices become assets of their client, alerts open there and recover, and all go back when the scope is unmapped', async () => {
  const land = app.container.resolve(LandRecords);
  await pass(streamOf('device'), [{ upserts: [...devices(2).upserts, ...devices(2, 'south').upserts] }]);
  const alert = (state: 'open' | 'recovered') => ({
    upserts: [
      {
        id: 'p1',
        scope: 'north',
        data: {
          device: '0',
          title: 'nginx is down',
          severity: 'critical',
          state,
          openedAt: '2026-11-20T08:59:00Z',
          url: 'https://vendor.example/problems/1',
        },
      },
    ],
  });
  await pass(streamOf('alert'), [alert('open')]);
  await land.run(scope, account.id);
  const assets = app.container.resolve(AssetQueries);
  const listed = await assets.list(scope, listAssetsInput.parse({}));
  expect(listed.items.map((asset) => [asset.name, asset.clientId])).toEqual([
    ['srv-0', clientIds[0]],
    ['srv-1', clientIds[0]],
  ]);
  const alerts = app.container.resolve(AlertQueries);
  const active = async () => (await alerts.list(scope, listAlertsInput.parse({}))).items;
  expect(await active()).toMatchObject([
    { title: 'nginx is down', message: '', assetName: 'srv-0', source: 'plugin-acme' },
  ]);

  await pass(streamOf('alert'), [alert('recovered')]);
  await land.run(scope, account.id);
  expect(await active()).toEqual([]);
  await pass(streamOf('alert'), [alert('open')]);
  await land.run(scope, account.id);
  expect(await active()).toHaveLength(1);

  const north = account.homes.get('north') ?? expect.fail('no scope north');
  await account.map('north', null);
  await app.container.resolve(RehomeRecords).run(scope, { scopeId: north.scopeId, connectionId: account.id });
  expect(await active()).toEqual([]);
  expect((await records('device', staffScope(scope.mspId, { kind: 'only', clientIds }))).length).toBe(0);
  expect((await assets.list(scope, listAssetsInput.parse({}))).items).toEqual([]);

  await account.map('north', clientIds[1] ?? null);
  await app.container.resolve(RehomeRecords).run(scope, { scopeId: north.scopeId, connectionId: account.id });
  await land.run(scope, account.id);
  expect(
    (await assets.list(scope, listAssetsInput.parse({}))).items.every((asset) => asset.clientId === clientIds[1]),
  ).toBe(true);
  expect(await active()).toMatchObject([{ clientId: clientIds[1] }]);
});

test('an asset is online by what the vendor heard of its machine, also where nothing else changed', async () => {
  const assets = app.container.resolve(AssetQueries);
  const seen = async () =>
    (await assets.list(scope, listAssetsInput.parse({}))).items.map((asset) => [asset.lastSeenAt, asset.isOnline]);
  const heard = (...times: (string | undefined)[]): Batch<'device'> => ({
    upserts: devices(times.length).upserts.map((record, index) => {
      const seenAt = times[index];
      return seenAt === undefined ? record : { ...record, observed: { seenAt } };
    }),
  });
  const now = () => app.clock.now();
  const first = now().subtract({ seconds: 5 }).toString();
  await pass(streamOf('device'), [heard(first, undefined, 'no time')]);
  await app.container.resolve(LandRecords).run(scope, account.id);
  expect(await seen()).toEqual([
    [first, true],
    [null, false],
    [null, false],
  ]);
  app.clock.advance({ minutes: 10 });
  const later = now().toString();
  const future = now().add({ hours: 5 }).toString();
  expect(await pass(streamOf('device'), [heard(first, later, future)])).toMatchObject({ changed: 0, unchanged: 3 });
  expect(await seen()).toEqual([
    [first, false],
    [later, true],
    [later, true],
  ]);
});
