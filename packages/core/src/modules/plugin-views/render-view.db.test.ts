import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import type { FakeVendor } from '../../../../../test/support/test-plugin.ts';
import { connectViewPlugin, startViewVendor, type ViewPlugin } from '../../../../../test/support/view-plugin.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { ScopedDb } from '#platform/db/scoped-db';
import { FramePages } from './frame-pages.ts';
import { RenderView, renderViewInput } from './render-view.ts';
import { listViewsInput, ViewPlaces } from './view-places.ts';

let app: TestApp;
let vendor: FakeVendor;
let mspId: MspId;
let plugin: ViewPlugin;
let north: ClientId;
let south: ClientId;
/** Reaches everything; the two others one client each. */
let ada: TenantScope;
let forNorth: TenantScope;
let forSouth: TenantScope;

beforeAll(async () => {
  app = await startTestApp();
  vendor = await startViewVendor();
  const msp = await buildMsp(app, { clients: 2 });
  [north, south] = msp.clientIds as [ClientId, ClientId];
  mspId = msp.mspId;
  ada = staffScope(mspId);
  forNorth = staffScope(mspId, { kind: 'only', clientIds: [north] });
  forSouth = staffScope(mspId, { kind: 'only', clientIds: [south] });
  plugin = await connectViewPlugin(app, ada, { vendor, north });
}, 60_000);
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const listed = async (by: TenantScope, input: object) =>
  (await app.container.resolve(ViewPlaces).list(by, listViewsInput.parse(input))).map(
    ({ kind, name, place }) => `${kind} ${name} of ${place}`,
  );
const draw = (by: TenantScope, input: object) =>
  app.container.resolve(RenderView).run(by, renderViewInput.parse({ connectionId: plugin.connectionId, ...input }));
const trial = (name: string) => draw(ada, { scopeId: plugin.north, view: 'trials', params: { case: name } });
const frame = (by: TenantScope, scopeId?: string) =>
  app.container.resolve(FramePages).open(by, {
    connectionId: plugin.connectionId,
    frame: 'gauge',
    ...(scopeId === undefined ? {} : { scopeId: scopeId as never }),
  });

async function sql(text: string, values: readonly unknown[]): Promise<void> {
  await app.container.resolve(ScopedDb).transaction(systemScope(mspId), (tx) => tx.sql(text, [mspId, ...values]));
}

const AT_NORTH = ['view overview of North', 'view trials of North', 'frame gauge of North', 'frame hostile of North'];

describe('ViewPlaces.list', () => {
  it('puts each view at its slot, with the scope of the client that is asked about', async () => {
    expect(await listed(ada, { clientId: north })).toEqual(AT_NORTH);
    expect(await listed(forNorth, { clientId: north })).toEqual(AT_NORTH);
    expect(await listed(ada, { connectionId: plugin.connectionId })).toEqual(['view quota of Acme']);
    expect(await listed(ada, { dashboard: true })).toEqual(['view widget of Acme']);
    expect(await listed(ada, {})).toEqual([]);
  });

  it('shows nothing of a client to whoever does not reach it, nor of the MSP’s own connection', async () => {
    expect(await listed(ada, { clientId: south })).toEqual([]);
    expect(await listed(forSouth, { clientId: north })).toEqual([]);
    expect(await listed(forNorth, { dashboard: true })).toEqual([]);
    await expect(listed(forNorth, { connectionId: plugin.connectionId })).rejects.toMatchObject({
      code: 'plugin-host.connection-not-found',
    });
  });

  it('leaves out what is paused, switched off or not granted', async () => {
    await sql(`update plugin_connection set state = 'paused' where msp_id = $1`, []);
    expect(await listed(ada, { clientId: north, dashboard: true })).toEqual([]);
    await sql(`update plugin_connection set state = 'active' where msp_id = $1`, []);
    await sql(`update plugin set state = 'disabled' where msp_id = $1`, []);
    expect(await listed(ada, { clientId: north })).toEqual([]);
    await expect(frame(ada, plugin.north)).rejects.toMatchObject({ code: 'plugin-views.view-not-found' });
    await expect(draw(ada, { scopeId: plugin.north, view: 'overview' })).rejects.toMatchObject({
      code: 'plugin-views.not-supported',
    });
    await sql(`update plugin set state = 'enabled' where msp_id = $1`, []);
    await sql(
      `update plugin_version set grants = jsonb_set(grants, '{views}', '["asset.tab/v1"]') where msp_id = $1`,
      [],
    );
    expect(await listed(ada, { clientId: north })).toEqual([]);
    await sql(
      `update plugin_version set grants = jsonb_set(grants, '{views}', '["client.tab/v1", "asset.tab/v1", "connection.tab/v1", "dashboard.widget/v1"]') where msp_id = $1`,
      [],
    );
    expect(await listed(ada, { clientId: north })).toEqual(AT_NORTH);
  });
});

describe('RenderView.run', () => {
  it('draws for the scope that it is bound to, with what the person chose', async () => {
    const { blocks } = await draw(forNorth, { scopeId: plugin.north, view: 'overview', params: { state: 'offline' } });
    expect(blocks[0]).toEqual({ kind: 'heading', text: 'North at Acme' });
    expect(blocks.find((block) => block.kind === 'table')?.rows).toHaveLength(1);
    expect(vendor.requests.at(-1)?.path).toBe('/sites/north/usage');
  });

  it('draws a view of the connection without a scope', async () => {
    const { blocks } = await draw(ada, { view: 'quota' });
    expect(blocks).toEqual([{ kind: 'stats', items: [{ label: 'Scope', value: 'none' }] }]);
  });

  it.each([
    [
      'a stranger’s scope',
      () => draw(forSouth, { scopeId: plugin.north, view: 'overview' }),
      'plugin-scopes.scope-not-found',
    ],
    [
      'a scope of another connection',
      () => draw(ada, { scopeId: plugin.north, connectionId: mspId, view: 'overview' }),
      'plugin-views.view-not-found',
    ],
    ['a scope of nobody', () => draw(ada, { scopeId: plugin.south, view: 'overview' }), 'plugin-views.reads-off'],
    [
      'the whole connection, kept to one client',
      () => draw(forNorth, { view: 'quota' }),
      'plugin-host.connection-not-found',
    ],
    ['a client’s view without its scope', () => draw(ada, { view: 'overview' }), 'plugin-views.scope-needed'],
    [
      'a connection’s view with a scope',
      () => draw(ada, { scopeId: plugin.north, view: 'quota' }),
      'plugin-views.scope-needed',
    ],
    [
      'an asset’s view without the asset',
      () => draw(ada, { scopeId: plugin.north, view: 'machine' }),
      'plugin-views.asset-needed',
    ],
    [
      'a view that is not there',
      () => draw(ada, { scopeId: plugin.north, view: 'other' }),
      'plugin-views.view-not-found',
    ],
    [
      'an asset that the plugin does not know',
      () => draw(ada, { scopeId: plugin.north, view: 'machine', assetId: mspId }),
      'plugin-views.asset-not-found',
    ],
  ])('refuses %s, and asks the vendor nothing', async (_, work, code) => {
    const before = vendor.requests.length;
    await expect(work()).rejects.toMatchObject({ code });
    expect(vendor.requests).toHaveLength(before);
  });

  it('refuses a scope that reading was switched off for', async () => {
    await sql(`update plugin_scope set reads_enabled = false where msp_id = $1 and id = $2`, [plugin.north]);
    await expect(trial('most')).rejects.toMatchObject({ code: 'plugin-views.reads-off' });
    await expect(frame(ada, plugin.north)).rejects.toMatchObject({ code: 'plugin-views.reads-off' });
    await sql(`update plugin_scope set reads_enabled = true where msp_id = $1 and id = $2`, [plugin.north]);
  });

  it('hands markup on as text', async () => {
    const { blocks } = await trial('markup');
    expect(blocks).toEqual([{ kind: 'text', text: '<img src=x onerror="document.title=1"><b>bold</b>' }]);
  });

  it('takes 200 blocks', async () => {
    expect((await trial('most')).blocks).toHaveLength(200);
  });

  it.each([
    ['201 blocks', 'many', 'plugin-bug', /blocks/],
    ['257 KiB', 'large', 'plugin-bug', /256 KiB/],
    ['a block that is none, by its number', 'broken', 'plugin-bug', /blocks\[2\]/],
    ['a form that asks for a secret', 'secret', 'plugin-bug', /blocks\[0\]\.fields/],
    ['a view that writes at the vendor', 'post', 'not-supported', /./],
  ])('refuses %s', async (_, name, failure, message) => {
    const before = vendor.requests.filter(({ method }) => method !== 'GET').length;
    await expect(trial(name)).rejects.toMatchObject({
      code: `plugin-views.${failure}`,
      message: expect.stringMatching(message) as string,
    });
    expect(vendor.requests.filter(({ method }) => method !== 'GET')).toHaveLength(before);
  });

  it.each(['endless', 'busy'])(
    'stops a view that never ends (%s), and draws the next',
    async (name) => {
      await expect(trial(name)).rejects.toMatchObject({ code: 'plugin-views.timed-out' });
      expect((await trial('markup')).blocks).toHaveLength(1);
    },
    40_000,
  );

  it('takes no more than 64 KiB of what a person chose', () => {
    const params = { a: 'x'.repeat(66_000) };
    expect(renderViewInput.safeParse({ connectionId: plugin.connectionId, view: 'a', params }).success).toBe(false);
  });

  it('links the records that are here and in reach, and no other', async () => {
    await sql(
      `insert into plugin_entity (msp_id, id, client_id, connection_id, remote_scope_id, entity, external_id, name, data, observed, hash, first_seen_at, changed_at, is_landing_due)
       select $1, gen_random_uuid(), s.client_id, s.connection_id, s.id, 'device', 'fs-1', 'hs-file-1', '{}', '{}', '', now(), now(), false from plugin_scope s where s.msp_id = $1`,
      [],
    );
    const { links } = await draw(forNorth, { scopeId: plugin.north, view: 'overview' });
    expect(links).toMatchObject([{ entity: 'device', id: 'fs-1', clientId: north }]);
    const find = (by: TenantScope, scopeId?: string) =>
      app.container.resolve(RenderView).find(by, {
        connectionId: plugin.connectionId,
        ...(scopeId === undefined ? {} : { scopeId: scopeId as never }),
        entity: 'device',
        id: 'fs-1',
      });
    expect(await find(ada, plugin.north)).toMatchObject({ clientId: north });
    // Both scopes have one of that id: no link rather than the wrong one.
    expect(await find(ada)).toBeNull();
    await expect(find(forNorth)).rejects.toMatchObject({ code: 'plugin-host.connection-not-found' });
    await expect(find(forSouth, plugin.north)).rejects.toMatchObject({ code: 'plugin-scopes.scope-not-found' });
  });
});

describe('FramePages.open', () => {
  it('hands a frame’s page out where the frame stands', async () => {
    expect(await frame(forNorth, plugin.north)).toContain('<title>Gauge</title>');
    await expect(frame(forSouth, plugin.north)).rejects.toMatchObject({ code: 'plugin-scopes.scope-not-found' });
    await expect(frame(ada, plugin.south)).rejects.toMatchObject({ code: 'plugin-views.reads-off' });
    await expect(frame(ada)).rejects.toMatchObject({ code: 'plugin-views.scope-needed' });
  });
});
