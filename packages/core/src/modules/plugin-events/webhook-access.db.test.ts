import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connectHookPlugin,
  hookHttpApp,
  openWebhooks,
  type HookPlugin,
} from '../../../../../test/support/hook-plugin.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { startFakeVendor, type FakeVendor } from '../../../../../test/support/test-plugin.ts';
import type { TenantScope } from '#kernel/tenant-scope';
import { Directory } from '#modules/directory';
import { ScopedDb } from '#platform/db/scoped-db';
import { ChangeConnection } from '../plugin-host/change-connection.ts';
import { ConnectionPages } from '../plugin-host/connection-page-queries.ts';
import { EntityQueries, listRecordsInput } from '../plugin-sync/record-queries.ts';
import { ChangePlugin } from '../plugins/change-plugin.ts';
import { PluginQueries } from '../plugins/plugin-queries.ts';
import { DeliveryQueries } from './delivery-queries.ts';

let app: TestApp;
let http: Hono;
let vendor: FakeVendor;
let staff: TenantScope;
let plugin: HookPlugin;

beforeAll(async () => {
  app = await startTestApp();
  http = hookHttpApp(app);
  vendor = await startFakeVendor(() => ({ json: {} }));
  const { mspId, clientIds } = await buildMsp(app, { clients: 1 });
  staff = staffScope(mspId);
  const [north] = clientIds;
  if (north === undefined) throw new Error('a client was made');
  plugin = await connectHookPlugin(app, staff, { vendor, north });
}, 60_000);
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const change = async () => ({
  connectionId: plugin.connectionId,
  version: (await app.container.resolve(ConnectionPages).get(staff, { connectionId: plugin.connectionId })).version,
});

describe('a webhook', () => {
  it('of another MSP takes nothing for this one, and shows nothing to it', async () => {
    const foreign = await buildMsp(app, { clients: 1 });
    const stranger = staffScope(foreign.mspId);
    const [north] = foreign.clientIds;
    if (north === undefined) throw new Error('a client was made');
    const other = await connectHookPlugin(app, stranger, { vendor, north });
    const body = '{"id":"foreign","site":"north"}';
    const sent = await http.request(await other.path('trusted'), { method: 'POST', body });
    expect(sent.status).toBe(202);
    await other.handleAll();
    expect(await other.deliveries('trusted')).toMatchObject([{ state: 'done', added: 1 }]);
    const ours = listRecordsInput.parse({ connectionId: plugin.connectionId, entity: 'alert' });
    expect((await app.container.resolve(EntityQueries).list(staff, ours)).items).toEqual([]);
    const queries = app.container.resolve(DeliveryQueries);
    const list = queries.webhooks(stranger, { connectionId: plugin.connectionId });
    await expect(list).rejects.toMatchObject({ code: 'plugin-host.connection-not-found' });
    const { connectionId } = other;
    await app.container.resolve(ChangeConnection).remove(stranger, { connectionId, version: 1, purge: true });
    const left = await app.container.resolve(ScopedDb).transaction(stranger, (tx) =>
      tx.sql(
        `select id from plugin_webhook where connection_id = $1 union all select id from plugin_delivery where connection_id = $1
         union all select webhook_id from plugin_delivery_key where msp_id = $2`,
        [connectionId, foreign.mspId],
      ),
    );
    expect(left).toEqual([]);
  });

  it('shows its address to those alone who may manage webhooks', async () => {
    const reader = staffScope(staff.mspId, { kind: 'all' }, new Set(['plugin-events.read-deliveries']));
    const queries = app.container.resolve(DeliveryQueries);
    const [mine, theirs] = await Promise.all(
      [staff, reader].map((scope) => queries.webhooks(scope, { connectionId: plugin.connectionId })),
    );
    expect(mine?.items).toHaveLength(8);
    for (const { address, setUp } of mine?.items ?? []) expect(setUp).toBe(`At Acme, add ${address}.`);
    for (const { address, setUp } of theirs?.items ?? [])
      expect([address, setUp]).toEqual([null, 'At Acme, add {url}.']);
    await openWebhooks(app, staff.mspId, plugin.connectionId);
    expect((await queries.webhooks(staff, { connectionId: plugin.connectionId })).items).toEqual(mine?.items);
  });

  it('without its secret refuses everybody and says what to do', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 1 });
    const [north] = clientIds;
    if (north === undefined) throw new Error('a client was made');
    const bare = await connectHookPlugin(app, staffScope(mspId), { vendor, north, hasSecrets: false });
    const headers = { 'x-token': 'Bearer ' };
    const sent = await http.request(await bare.path('header'), { method: 'POST', body: '{}', headers });
    expect(sent.status).toBe(401);
    expect(await bare.webhook('header')).toMatchObject({ refused: 1, lastRefusal: 'the secret is not set' });
  });

  it('ends with its plugin’s switch, and with its connection for good', async () => {
    const path = await plugin.path('signed');
    const send = async () => (await http.request(path, { method: 'POST', body: '{}' })).status;
    expect(await send()).toBe(401);
    const [installed] = await app.container.resolve(PluginQueries).list(staff);
    const plugins = app.container.resolve(ChangePlugin);
    await plugins.disable(staff, { pluginId: installed?.id as never, rowVersion: installed?.rowVersion ?? 0 });
    expect(await send()).toBe(503);
    await app.container.resolve(ChangeConnection).remove(staff, { ...(await change()), purge: false });
    expect(await send()).toBe(404);
    const address = path.slice('/hooks/'.length);
    expect(await app.container.resolve(Directory).findRoute('webhook', address)).toBeNull();
  });
});
