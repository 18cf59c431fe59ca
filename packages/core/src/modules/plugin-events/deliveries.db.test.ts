import { createHmac } from 'node:crypto';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connectHookPlugin,
  hookHttpApp,
  HOOK_SECRET,
  type HookPlugin,
} from '../../../../../test/support/hook-plugin.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { startFakeVendor, type FakeVendor } from '../../../../../test/support/test-plugin.ts';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { ScopedDb } from '#platform/db/scoped-db';
import { ChangeConnection } from '../plugin-host/change-connection.ts';
import { ConnectionPages } from '../plugin-host/connection-page-queries.ts';
import { IssuePages, listIssuesInput } from '../plugin-host/issue-page-queries.ts';
import { ChangeMapping } from '../plugin-scopes/change-mapping.ts';
import { SetSwitches } from '../plugin-scopes/set-switches.ts';
import { EntityQueries, listRecordsInput } from '../plugin-sync/record-queries.ts';
import { RehomeRecords } from '../plugin-sync/rehome-records.ts';
import { HandleDelivery } from './handle-delivery.ts';
import { SweepDeliveries } from './sweep-deliveries.ts';
import { TryAgain } from './try-again.ts';

let app: TestApp;
let http: Hono;
let vendor: FakeVendor;
let staff: TenantScope;
let clientId: ClientId;
let plugin: HookPlugin;
let isVendorUp = false;

beforeAll(async () => {
  app = await startTestApp();
  http = hookHttpApp(app);
  vendor = await startFakeVendor(() => (isVendorUp ? { json: {} } : { status: 503 }));
  const { mspId, clientIds } = await buildMsp(app, { clients: 1 });
  staff = staffScope(mspId);
  const [north] = clientIds;
  if (north === undefined) throw new Error('a client was made');
  clientId = north;
  plugin = await connectHookPlugin(app, staff, { vendor, north });
}, 60_000);
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

let serial = 0;

/** Delivers to the signed webhook as the vendor does, has it handled, and answers how it ended. */
async function deliver(body: Record<string, unknown>, name = 'signed') {
  serial += 1;
  const text = JSON.stringify({ ...body, serial });
  const signature = createHmac('sha256', HOOK_SECRET).update(text).digest('hex');
  const headers = { 'x-signature': `sha256=${signature}`, 'x-id': `d${serial}` };
  const response = await http.request(await plugin.path(name), { method: 'POST', body: text, headers });
  if (response.status !== 202) return { status: response.status };
  await plugin.handleAll();
  return { status: response.status, ...(await plugin.deliveries(name))[0] };
}

async function records(scope = staff, filter: { externalId?: string } = {}) {
  const { connectionId } = plugin;
  const input = listRecordsInput.parse({ connectionId, entity: 'alert', limit: 200, ...filter });
  return (await app.container.resolve(EntityQueries).list(scope, input)).items;
}

const record = async (externalId: string) => (await records(staff, { externalId }))[0];
const issue = async (key: string) => {
  const input = listIssuesInput.parse({ connectionId: plugin.connectionId });
  return (await app.container.resolve(IssuePages).list(staff, input)).items.find((one) => one.key === key);
};
const change = async () => ({
  connectionId: plugin.connectionId,
  version: (await app.container.resolve(ConnectionPages).get(staff, { connectionId: plugin.connectionId })).version,
});

/** What the MSP consented to, as an earlier consent may have been narrower than what the plugin now asks for. */
async function grant(types: string[]): Promise<void> {
  const grants = JSON.stringify({ records: types, webhooks: true });
  await app.container
    .resolve(ScopedDb)
    .transaction(staff, (tx) =>
      tx.sql('update plugin_version set grants = $2 where msp_id = $1', [staff.mspId, grants]),
    );
}

describe('a delivery', () => {
  it('is handled bound to the scope that it is routed to', async () => {
    expect(await deliver({ id: 'bound', route: 'north', site: 'south' })).toMatchObject({
      state: 'done',
      added: 1,
      scopeId: plugin.north,
    });
    expect(await record('bound')).toMatchObject({
      clientId,
      data: { title: expect.stringContaining('["north",false') },
    });
  });

  it('waits in quarantine while its scope is no client’s, and belongs to the client from its mapping on', async () => {
    const { mspId } = staff;
    expect(await deliver({ id: 'kept', route: 'south' })).toMatchObject({
      state: 'quarantined',
      added: 1,
      message: expect.stringContaining('quarantine'),
    });
    expect(await record('kept')).toMatchObject({ clientId: null });
    const only = staffScope(mspId, { kind: 'only', clientIds: [clientId] });
    expect((await records(only)).map(({ externalId }) => externalId)).not.toContain('kept');
    const mapping = { scopeId: plugin.south, version: 1, clientId, reason: '' };
    await app.container.resolve(ChangeMapping).map(staff, mapping);
    await app.container
      .resolve(RehomeRecords)
      .run(systemScope(mspId), { scopeId: plugin.south, connectionId: plugin.connectionId });
    expect(await record('kept')).toMatchObject({ clientId });
  });

  it('for a scope that nobody knows is counted, shown, and handled when it is tried again', async () => {
    const { unroutable } = await plugin.webhook('signed');
    const ended = await deliver({ id: 'lost', route: 'east' });
    expect(ended).toMatchObject({ state: 'unroutable', message: expect.stringContaining('“east”') });
    expect(await plugin.webhook('signed')).toMatchObject({ unroutable: unroutable + 1 });
    expect(await issue('unroutable:signed')).toMatchObject({ repair: 'map-scopes', closedAt: null });
    expect(await deliver({ id: 'lost', site: 'east' })).toMatchObject({ state: 'done', added: 0, refused: 1 });
    expect(await plugin.webhook('signed')).toMatchObject({ unroutable: unroutable + 2 });
    expect(await record('lost')).toBeUndefined();
    const again = app.container.resolve(TryAgain);
    if (!('id' in ended)) throw new Error('it was taken');
    expect(await again.delivery(staff, { deliveryId: ended.id as never })).toEqual({});
    await plugin.handleAll();
    expect((await plugin.deliveries('signed')).find(({ id }) => id === ended.id)).toMatchObject({ attempts: 1 });
  });

  it('for a client whose reading is off does nothing', async () => {
    const switches = app.container.resolve(SetSwitches);
    await switches.run(staff, { scopeIds: [plugin.north], readsEnabled: false });
    expect(await deliver({ id: 'off', route: 'north' })).toMatchObject({
      state: 'unroutable',
      message: expect.stringContaining('switched off'),
    });
    await switches.run(staff, { scopeIds: [plugin.north], readsEnabled: true });
    expect(await record('off')).toBeUndefined();
  });

  it('may bring only what the plugin was granted, and by address alone nothing', async () => {
    await grant(['user']);
    expect(await deliver({ id: 'g', site: 'north' })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('not granted records of alert'),
    });
    await grant(['alert', 'user']);
    expect(await deliver({ id: 'u', site: 'north', stream: 'users' })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('read by scope'),
    });
    expect(await deliver({ id: 'n', site: 'north' }, 'address')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('only known by its address'),
    });
    expect(await record('n')).toBeUndefined();
    expect(await deliver({ nudge: true }, 'address')).toMatchObject({ state: 'done', nudged: 1 });
  });

  it('that breaks its plugin fails with an issue, which the next good one closes', async () => {
    expect(await deliver({ fail: 'bug' })).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('it broke'),
    });
    expect(await issue('delivery-failed:signed')).toMatchObject({ severity: 'warning', closedAt: null });
    await deliver({ id: 'good', site: 'north' });
    expect(await issue('delivery-failed:signed')).toBeUndefined();
  });

  it('is tried again with growing pauses while the vendor is down', async () => {
    const ended = await deliver({ fail: 'down', id: 'later', site: 'north' });
    if (!('id' in ended)) throw new Error('it was taken');
    expect(ended).toMatchObject({ state: 'waiting', attempts: 1 });
    const pause = (at: string | null | undefined) =>
      app.clock
        .now()
        .until(at ?? '')
        .total('seconds');
    expect(pause(ended.nextAttemptAt)).toBeGreaterThanOrEqual(30);
    await plugin.handleAll();
    const second = (await plugin.deliveries('signed'))[0];
    expect(second).toMatchObject({ state: 'waiting', attempts: 2 });
    expect(pause(second?.nextAttemptAt)).toBeGreaterThanOrEqual(60);
    isVendorUp = true;
    app.clock.advance({ minutes: 10 });
    await plugin.handleAll();
    expect(await record('later')).toBeDefined();
  }, 60_000);

  it('is not taken before those that came before it, and brings no records after a later one', async () => {
    isVendorUp = false;
    const first = await deliver({ fail: 'down', id: 'flapping', site: 'north' });
    expect(await deliver({ id: 'flapping', site: 'north', state: 'recovered' })).toMatchObject({ added: 1 });
    isVendorUp = true;
    app.clock.advance({ minutes: 10 });
    await plugin.handleAll();
    const late = (await plugin.deliveries('signed')).find((one) => 'id' in first && one.id === first.id);
    expect(late).toMatchObject({ state: 'done', changed: 0, nudged: 1, message: expect.stringContaining('later one') });
    expect(await record('flapping')).toMatchObject({ data: { state: 'recovered' } });
    const [path, ids] = [await plugin.path('trusted'), ['one', 'two']];
    for (const id of ids) await http.request(path, { method: 'POST', body: JSON.stringify({ id, site: 'north' }) });
    const [two, one] = await plugin.deliveries('trusted');
    const handle = async (id: string | undefined) =>
      app.container.resolve(HandleDelivery).run(systemScope(staff.mspId), id as never);
    await handle(two?.id);
    expect(await plugin.deliveries('trusted')).toMatchObject([{ state: 'waiting', attempts: 0 }, { state: 'waiting' }]);
    await handle(one?.id);
    await handle(two?.id);
    expect(await plugin.deliveries('trusted')).toMatchObject([
      { state: 'done', added: 1 },
      { state: 'done', added: 1 },
    ]);
  }, 60_000);

  it('is kept from a connection that is paused, and waits for one that was paused meanwhile', async () => {
    const connections = app.container.resolve(ChangeConnection);
    const text = '{"id":"meanwhile","site":"north"}';
    const headers = { 'x-signature': `sha256=${createHmac('sha256', HOOK_SECRET).update(text).digest('hex')}` };
    const path = await plugin.path('signed');
    expect((await http.request(path, { method: 'POST', body: text, headers })).status).toBe(202);
    await connections.pause(staff, await change());
    await plugin.handleAll();
    expect((await plugin.deliveries('signed'))[0]).toMatchObject({
      state: 'waiting',
      attempts: 0,
      nextAttemptAt: null,
    });
    const refused = await http.request(path, { method: 'POST', body: `${text} `, headers });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '600']);
    await connections.resume(staff, await change());
    await app.container.resolve(TryAgain).wake(systemScope(staff.mspId), plugin.connectionId);
    await plugin.handleAll();
    expect(await record('meanwhile')).toBeDefined();
  });

  it('is forgotten after a week', async () => {
    const sweep = app.container.resolve(SweepDeliveries);
    expect((await plugin.deliveries('signed')).length).toBeGreaterThan(5);
    await sweep.run(systemScope(staff.mspId));
    expect((await plugin.deliveries('signed')).length).toBeGreaterThan(5);
    app.clock.advance({ hours: 8 * 24 });
    await sweep.run(systemScope(staff.mspId));
    expect(await plugin.deliveries('signed')).toEqual([]);
  });
});
