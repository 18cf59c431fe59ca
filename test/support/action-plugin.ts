import { newId, type ClientId, type MspId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { DiscoverScopes } from '../../packages/core/src/modules/plugin-scopes/discover-scopes.ts';
import { ChangeMapping } from '../../packages/core/src/modules/plugin-scopes/change-mapping.ts';
import { ScopeQueries, type RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { SetSwitches } from '../../packages/core/src/modules/plugin-scopes/set-switches.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { systemScope, type TestApp } from './test-app.ts';
import { connectTestPlugin, installTestPlugin, packTestPlugin, type FakeVendor } from './test-plugin.ts';

const source = `
import { defineAction, defineConnection, definePlugin, defineStream, defineSubscriber, defineView, defineFrame, defineWebhook, field, scopeOf } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Acme account',
  config: { url: field.url(), key: field.secret(), hook: field.secret({ optional: true }) },
  baseUrl: '{config.url}/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  check: async () => ({ account: 'ops@acme.example' }),
  async *discoverScopes() { yield [{ id: 'north', name: 'North', kind: 'site' }, { id: 'south', name: 'South', kind: 'site' }]; },
});
const devices = defineStream(account, {
  name: 'devices', label: 'Devices', entity: 'device', mode: 'full', grain: 'scope', every: 'PT15M',
  async *read(ctx) {
    const { items } = await ctx.http.get('devices/' + scopeOf(ctx).id);
    yield { upserts: items.map((item) => ({ id: item.id, data: { name: item.name } })) };
  },
});
const planOf = (ctx, input, what) => ctx.http.get('devices/' + input.target).then((device) => ({
  summary: what + ' ' + device.name,
  changes: [{ what: device.name, from: device.mode, to: what }],
  affected: [{ entity: 'device', id: input.target }],
  isReversible: true,
  disruption: 'none',
}));
const target = field.entity('device');
const setMode = defineAction(account, {
  name: 'set-mode', label: 'Set the mode', input: { target, mode: field.text(), pin: field.secret({ optional: true }) }, output: { mode: field.text() },
  effect: 'update', grain: 'scope', target: 'device', idempotency: 'natural',
  plan: (ctx, input) => planOf(ctx, input, input.mode),
  async apply(ctx, input, run) {
    await ctx.http.post('devices/' + input.target, { mode: input.mode, pin: input.pin ?? null, key: run.idempotencyKey, by: run.actor });
    return { summary: 'Set.', output: { mode: input.mode } };
  },
  async verify(ctx, input) { return { holds: (await ctx.http.get('devices/' + input.target)).mode === input.mode }; },
  async undo(ctx, input, result) {
    await ctx.http.post('devices/' + input.target, { mode: 'old', undoes: result.output.mode });
    return { summary: 'Set back.' };
  },
});
const reboot = defineAction(account, {
  name: 'reboot', label: 'Reboot', input: { target }, effect: 'execute', grain: 'scope', target: 'device', idempotency: 'none',
  plan: (ctx, input) => planOf(ctx, input, 'Reboot'),
  async apply(ctx, input) { await ctx.http.post('devices/' + input.target + '/reboot', {}); return { summary: 'Asked for a reboot.' }; },
});
const wipe = defineAction(account, {
  name: 'wipe', label: 'Wipe', input: { target }, effect: 'delete', grain: 'scope', target: 'device', idempotency: 'natural',
  plan: (ctx, input) => planOf(ctx, input, 'Wipe'),
  async apply(ctx, input) { await ctx.http.post('devices/' + input.target + '/wipe', {}); return { summary: 'Wiped.' }; },
});
const sly = defineAction(account, {
  name: 'sly', label: 'Sly', input: { target }, effect: 'update', grain: 'scope', target: 'device', idempotency: 'natural',
  async plan(ctx, input) { await ctx.http.post('devices/' + input.target, { mode: 'sly' }); return planOf(ctx, input, 'Sly'); },
  async apply() { return { summary: 'Done.' }; },
});
const acknowledge = defineAction(account, {
  name: 'acknowledge', label: 'Acknowledge', input: { target: field.entity('alert') }, effect: 'update', grain: 'scope', target: 'alert', idempotency: 'natural',
  async plan(_ctx, input) {
    return { summary: 'Acknowledge', changes: [], affected: [{ entity: 'alert', id: input.target }], isReversible: false, disruption: 'none' };
  },
  async apply(ctx, input) { await ctx.http.post('alerts/' + input.target + '/acknowledge', {}); return { summary: 'Acknowledged.' }; },
});
const signed = defineWebhook(account, {
  name: 'signed', label: 'Changes', setUp: 'Add {url} at Acme.',
  verify: { kind: 'hmac', header: 'x-signature', algorithm: 'sha256', encoding: 'hex', secret: '{secret.hook}', signed: '{body}' },
  handshake: { query: 'challenge' }, idHeader: 'x-delivery',
  route: (delivery) => delivery.json.site ?? null,
  async handle(ctx, delivery) {
    if (delivery.json.fail) throw new Error('no');
    return { batches: { devices: { upserts: [{ id: delivery.json.device, data: { name: delivery.json.name } }] } }, nudge: ['devices'] };
  },
});
const notify = defineSubscriber(account, {
  name: 'notify', label: 'Notify', events: ['alert.raised', 'alert.acknowledged', 'ticket.opened', 'invoice.approved'],
  async handle(ctx, event) { await ctx.http.post('events', event); },
});
const overview = defineView(account, {
  name: 'overview', label: 'Acme', slot: 'client.tab/v1',
  async render(ctx, params) {
    if (params.bad) return [{ kind: 'html', html: '<b>no</b>' }];
    return [{ kind: 'heading', text: scopeOf(ctx).name }, { kind: 'text', text: String(params.word ?? '') }];
  },
});
const map = defineFrame(account, { name: 'map', label: 'Map', slot: 'client.tab/v1', view: 'overview', html: '<!doctype html><p>Map</p>' });
export default definePlugin({
  connections: [account], streams: [devices], actions: [setMode, reboot, wipe, sly, acknowledge],
  webhooks: [signed], subscribers: [notify], views: [overview], frames: [map],
});
`;

let packed: Promise<Uint8Array> | undefined;

/** A plugin with everything that acts, connected, and its scope `north` mapped to a client with actions on. */
export interface ActionPlugin {
  readonly connectionId: ConnectionId;
  readonly north: RemoteScopeId;
  readonly south: RemoteScopeId;
  /** Switches actions on or off, as a person does. */
  switchActions(scopeId: RemoteScopeId, actionsEnabled: boolean): Promise<void>;
  /** A record of a scope, as a stream would have brought it. */
  addRecord(scopeId: RemoteScopeId, entity: string, externalId: string, alertId?: string): Promise<void>;
}

/** Installs and connects it, as an administrator does. */
export async function connectActionPlugin(
  app: TestApp,
  scope: TenantScope,
  parts: { vendor: FakeVendor; north: ClientId; south?: ClientId },
): Promise<ActionPlugin> {
  packed ??= packTestPlugin({
    source,
    capabilities: {
      records: ['device', 'alert'],
      actions: 'execute',
      webhooks: true,
      events: ['alert.raised', 'alert.acknowledged', 'ticket.opened', 'invoice.approved'],
      views: ['client.tab/v1'],
      frames: ['client.tab/v1'],
    },
  });
  const pluginId = await installTestPlugin(app, scope, await packed);
  const connectionId = await connectTestPlugin(app, scope, {
    pluginId,
    vendor: parts.vendor,
    secrets: { key: 'the-vendor-key', hook: 'the-hook-secret' },
  });
  await app.container.resolve(DiscoverScopes).run(systemScope(scope.mspId), connectionId);
  const scopes = await app.container.resolve(ScopeQueries).all(scope, connectionId);
  const idOf = (name: string): RemoteScopeId => {
    const found = scopes.find((remote) => remote.externalId === name);
    if (found === undefined) throw new Error(`There is no scope ${name}.`);
    return found.id;
  };
  await enable(app, scope, idOf('north'), parts.north);
  if (parts.south !== undefined) await enable(app, scope, idOf('south'), parts.south);
  return {
    connectionId,
    north: idOf('north'),
    south: idOf('south'),
    async switchActions(scopeId, actionsEnabled) {
      await app.container.resolve(SetSwitches).run(scope, { scopeIds: [scopeId], actionsEnabled });
    },
    addRecord: (scopeId, entity, externalId, alertId) =>
      addRecord(app, scope.mspId, { connectionId, scopeId, entity, externalId, alertId: alertId ?? null }),
  };
}

async function enable(app: TestApp, scope: TenantScope, scopeId: RemoteScopeId, clientId: ClientId): Promise<void> {
  await app.container.resolve(ChangeMapping).map(scope, { scopeId, version: 1, clientId, reason: '' });
  await app.container.resolve(SetSwitches).run(scope, { scopeIds: [scopeId], actionsEnabled: true });
}

async function addRecord(
  app: TestApp,
  mspId: MspId,
  record: {
    connectionId: ConnectionId;
    scopeId: RemoteScopeId;
    entity: string;
    externalId: string;
    alertId: string | null;
  },
): Promise<void> {
  await app.container.resolve(ScopedDb).transaction(systemScope(mspId), (tx) =>
    tx.sql(
      `insert into plugin_entity (msp_id, id, client_id, connection_id, remote_scope_id, entity, external_id, name, data, observed, hash, first_seen_at, changed_at, is_landing_due, alert_id)
         select $1, $2, s.client_id, $3, s.id, $5, $6, $6, '{}', '{}', '', now(), now(), false, $7 from plugin_scope s where s.msp_id = $1 and s.id = $4`,
      [mspId, newId(), record.connectionId, record.scopeId, record.entity, record.externalId, record.alertId],
    ),
  );
}
