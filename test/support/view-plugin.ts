import type { ClientId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { ChangeMapping } from '../../packages/core/src/modules/plugin-scopes/change-mapping.ts';
import { DiscoverScopes } from '../../packages/core/src/modules/plugin-scopes/discover-scopes.ts';
import { ScopeQueries, type RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import type { PluginId } from '../../packages/core/src/modules/plugins/index.ts';
import { systemScope, type TestApp } from './test-app.ts';
import {
  connectTestPlugin,
  installTestPlugin,
  packTestPlugin,
  startFakeVendor,
  type FakeVendor,
} from './test-plugin.ts';
import { GAUGE_PAGE, HOSTILE_PAGE } from './view-frames.ts';

const SLOTS = ['client.tab/v1', 'asset.tab/v1', 'connection.tab/v1', 'dashboard.widget/v1'] as const;

const source = `
import { defineAction, defineConnection, defineFrame, definePlugin, defineStream, defineView, field, scopeOf } from '@bailiwick/sdk';

const account = defineConnection({
  name: 'account', label: 'Acme account',
  config: { url: field.url({ label: 'Address' }), key: field.secret({ label: 'API key' }) },
  baseUrl: '{config.url}/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  check: async (ctx) => ({ account: (await ctx.http.get('me')).name }),
  async *discoverScopes(ctx) { yield await ctx.http.get('sites'); },
});

const devices = defineStream(account, {
  name: 'devices', label: 'Devices', entity: 'device', mode: 'full', grain: 'scope', every: 'PT1H',
  async *read(ctx) { yield { upserts: await ctx.http.get('sites/' + scopeOf(ctx).id + '/devices') }; },
});

const restart = defineAction(account, {
  name: 'restart', label: 'Restart', help: 'Restarts the device.', effect: 'execute', grain: 'scope', target: 'device', idempotency: 'none',
  input: { target: field.entity('device', { label: 'Device' }), reason: field.text({ label: 'Reason' }) },
  plan: async (_ctx, input) => ({ summary: 'Restart ' + input.target, changes: [{ what: input.target }], affected: [{ entity: 'device', id: input.target }], isReversible: false, disruption: 'outage' }),
  apply: async () => ({ summary: 'Restarted.' }),
});

const hour = (index) => Temporal.Instant.from('2026-01-05T00:00:00Z').add({ hours: index }).toString();

const overview = defineView(account, {
  name: 'overview', label: 'Acme', slot: 'client.tab/v1',
  async render(ctx, params) {
    const { id, name } = scopeOf(ctx);
    const usage = await ctx.http.get('sites/' + id + '/usage');
    const state = params.state ?? 'all';
    const rows = usage.devices.filter((device) => state === 'all' || device.state === state);
    return [
      { kind: 'heading', text: name + ' at Acme' },
      { kind: 'text', text: 'Everything that Acme watches at this site.\\nDrawn from what it answers now.' },
      { kind: 'text', text: 'Storage is nearly full: order more before Friday.', tone: 'warning' },
      { kind: 'stats', items: [
        { label: 'Devices', value: String(usage.devices.length), tone: 'good', hint: '2 more than last month' },
        { label: 'Offline', value: '1', tone: 'bad', hint: 'Since this morning' },
        { label: 'Storage', value: '93 %', tone: 'warning', hint: 'of 12 TB' },
        { label: 'Plan', value: 'Business' },
      ] },
      { kind: 'form', submit: 'Show', fields: {
        state: field.choice(['all', 'online', 'offline'], { label: 'Devices', default: 'all' }),
        since: field.date({ label: 'Since', optional: true }),
      } },
      { kind: 'table', title: 'Devices', empty: 'No device is ' + state + '.',
        columns: [{ label: 'Name' }, { label: 'State' }, { label: 'Address' }, { label: 'Load', align: 'end' }, { label: 'Seen' }],
        rows: rows.map((device) => [
          { entity: 'device', id: device.id, text: device.name },
          { text: device.state, tone: device.state === 'online' ? 'good' : 'bad' },
          device.address, device.load, { instant: device.seen },
        ]) },
      { kind: 'chart', title: 'Load of the site', unit: '%', series: [
        { label: 'Mean', points: Array.from({ length: 25 }, (_, index) => [hour(index), index > 9 && index < 13 ? null : 30 + (index * 7) % 23]) },
        { label: 'Peak', points: Array.from({ length: 25 }, (_, index) => [hour(index), 60 + (index * 11) % 31]) },
      ] },
      { kind: 'timeline', title: 'Lately', items: [
        { at: '2026-01-05T09:12:00Z', text: 'The NAS went offline', tone: 'bad' },
        { at: '2026-01-05T07:00:00Z', text: 'The nightly backup ended with warnings', tone: 'warning' },
        { at: '2026-01-04T16:30:00Z', text: 'Acme was updated to 8.2', tone: 'good' },
      ] },
      { kind: 'entity-link', entity: 'device', id: usage.devices[0].id, text: 'Open ' + usage.devices[0].name },
      { kind: 'entity-link', entity: 'device', id: 'nobody', text: 'A device that is not here' },
      { kind: 'action-button', action: 'restart', label: 'Restart ' + usage.devices[0].name, input: { target: usage.devices[0].id, reason: 'It hangs' } },
    ];
  },
});

const cases = {
  markup: () => [{ kind: 'text', text: '<img src=x onerror="document.title=1"><b>bold</b>' }],
  many: () => Array.from({ length: 201 }, () => ({ kind: 'heading', text: 'a' })),
  most: () => Array.from({ length: 200 }, () => ({ kind: 'heading', text: 'a' })),
  large: () => Array.from({ length: 27 }, () => ({ kind: 'text', text: 'x'.repeat(9720) })),
  broken: () => [{ kind: 'heading', text: 'good' }, { kind: 'text', text: 'good' }, { kind: 'html', html: '<b>no</b>' }],
  secret: () => [{ kind: 'form', submit: 'Go', fields: { inner: field.object({ pin: field.secret() }) } }],
  endless: () => new Promise(() => {}),
  busy: () => { for (;;); },
};

const trials = defineView(account, {
  name: 'trials', label: 'Trials', slot: 'client.tab/v1',
  async render(ctx, params) {
    if (params.case === 'post') await ctx.http.post('sites/' + scopeOf(ctx).id, { name: 'changed' });
    return cases[params.case]?.() ?? [{ kind: 'text', text: JSON.stringify(params) }];
  },
});

const machine = defineView(account, {
  name: 'machine', label: 'Acme machine', slot: 'asset.tab/v1',
  async render(ctx, _params, subject) {
    return [{ kind: 'heading', text: 'Acme calls it ' + subject.device }, { kind: 'text', text: 'At ' + scopeOf(ctx).name }];
  },
});

const quota = defineView(account, {
  name: 'quota', label: 'Quota', slot: 'connection.tab/v1',
  render: async (ctx) => [{ kind: 'stats', items: [{ label: 'Scope', value: ctx.scope === null ? 'none' : ctx.scope.id }] }],
});

const widget = defineView(account, {
  name: 'widget', label: 'Acme today', slot: 'dashboard.widget/v1',
  render: async () => [{ kind: 'stats', items: [{ label: 'Sites', value: '2' }, { label: 'Offline', value: '1', tone: 'bad' }] }],
});

const gauge = defineFrame(account, { name: 'gauge', label: 'Gauge', slot: 'client.tab/v1', view: 'overview', html: ${JSON.stringify(GAUGE_PAGE)} });
const hostile = defineFrame(account, { name: 'hostile', label: 'Hostile', slot: 'client.tab/v1', view: 'overview', html: ${JSON.stringify(HOSTILE_PAGE)} });

export default definePlugin({
  connections: [account], streams: [devices], actions: [restart],
  views: [overview, trials, machine, quota, widget], frames: [gauge, hostile],
});
`;

let packed: Promise<Uint8Array> | undefined;

/** A plugin that shows every kind of block, a frame, and everything that must not work. */
export function packViewPlugin(): Promise<Uint8Array> {
  packed ??= packTestPlugin({
    source,
    capabilities: { records: ['device'], actions: 'execute', views: SLOTS, frames: ['client.tab/v1'] },
  });
  return packed;
}

const SITES = [
  { id: 'north', name: 'North', kind: 'site', hints: { domains: ['hartley.example'] } },
  { id: 'south', name: 'South', kind: 'site' },
];
const DEVICES = [
  { id: 'fs-1', name: 'hs-file-1', state: 'online', address: '10.0.4.11', load: 41, seen: '2026-01-05T10:00:00Z' },
  { id: 'db-1', name: 'hs-db-1', state: 'online', address: '10.0.4.12', load: 87.5, seen: '2026-01-05T10:00:00Z' },
  { id: 'nas-1', name: 'hs-nas-1', state: 'offline', address: null, load: null, seen: '2026-01-05T09:12:00Z' },
];

/** The vendor of that plugin. */
export interface ViewVendor extends FakeVendor {
  /** False: it answers 503 to everything. */
  isThere: boolean;
}

/** Starts it; it knows the same devices at every site. */
export async function startViewVendor(): Promise<ViewVendor> {
  const state = { isThere: true };
  const vendor = await startFakeVendor(({ path, method }) => {
    if (!state.isThere) return { status: 503 };
    if (method !== 'GET') return { json: {} };
    if (path === '/me') return { json: { name: 'ops@acme.example' } };
    if (path === '/sites') return { json: SITES };
    if (path.endsWith('/usage')) return { json: { devices: DEVICES } };
    return { json: DEVICES.map(({ id, name }) => ({ id, data: { name, kind: 'server' } })) };
  });
  return Object.assign(state, vendor);
}

/** The plugin, connected as the whole MSP's. */
export interface ViewPlugin {
  readonly pluginId: PluginId;
  readonly connectionId: ConnectionId;
  readonly north: RemoteScopeId;
  readonly south: RemoteScopeId;
}

/** Installs and connects it; `north` is mapped to a client, `south` to another or to none. */
export async function connectViewPlugin(
  app: TestApp,
  scope: TenantScope,
  parts: { vendor: FakeVendor; north: ClientId; south?: ClientId },
): Promise<ViewPlugin> {
  const pluginId = await installTestPlugin(app, scope, await packViewPlugin());
  const { vendor } = parts;
  const connectionId = await connectTestPlugin(app, scope, { pluginId, vendor, secrets: { key: 'the-vendor-key' } });
  await app.container.resolve(DiscoverScopes).run(systemScope(scope.mspId), connectionId);
  const [north, south] = await app.container.resolve(ScopeQueries).all(scope, connectionId);
  if (north === undefined || south === undefined) throw new Error('two scopes were listed');
  const mapping = app.container.resolve(ChangeMapping);
  await mapping.map(scope, { scopeId: north.id, version: 1, clientId: parts.north, reason: '' });
  if (parts.south !== undefined)
    await mapping.map(scope, { scopeId: south.id, version: 1, clientId: parts.south, reason: '' });
  return { pluginId, connectionId, north: north.id, south: south.id };
}
