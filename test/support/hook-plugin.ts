import type { Hono } from 'hono';
import { webhookDoor } from '../../packages/core/src/composition/doors.ts';
import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import {
  DeliveryQueries,
  listDeliveriesInput,
} from '../../packages/core/src/modules/plugin-events/delivery-queries.ts';
import type { DeliveryView, WebhookView } from '../../packages/core/src/modules/plugin-events/events-view.ts';
import { HandleDelivery } from '../../packages/core/src/modules/plugin-events/handle-delivery.ts';
import { OpenWebhooks } from '../../packages/core/src/modules/plugin-events/open-webhooks.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { DiscoverScopes } from '../../packages/core/src/modules/plugin-scopes/discover-scopes.ts';
import { ChangeMapping } from '../../packages/core/src/modules/plugin-scopes/change-mapping.ts';
import { ScopeQueries, type RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { makeLogger } from '../../packages/core/src/platform/log.ts';
import { SettingsToken } from '../../packages/core/src/platform/settings-token.ts';
import { systemScope, type TestApp } from './test-app.ts';
import { testHttpApp } from './test-http.ts';
import { connectTestPlugin, installTestPlugin, packTestPlugin, type FakeVendor } from './test-plugin.ts';

const source = `
import { defineConnection, definePlugin, defineStream, defineWebhook, field } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Acme account',
  config: { url: field.url(), hook: field.secret({ optional: true }), standard: field.secret({ optional: true }) },
  baseUrl: '{config.url}/', auth: { kind: 'none' },
  check: async () => ({ account: 'ops@acme.example' }),
  async *discoverScopes() { yield ['north', 'south'].map((id) => ({ id, name: id, kind: 'site' })); },
});
const alerts = defineStream(account, {
  name: 'alerts', label: 'Alerts', entity: 'alert', mode: 'incremental', grain: 'connection', every: 'PT1H',
  async *read(ctx) { yield { upserts: [], cursor: ctx.now }; },
});
const users = defineStream(account, {
  name: 'users', label: 'Users', entity: 'user', mode: 'full', grain: 'scope', every: 'PT1H',
  async *read() { yield { upserts: [] }; },
});
async function handle(ctx, delivery) {
  const { id, site, state = 'open', fail, stream = 'alerts', nudge } = delivery.json;
  if (fail === 'bug') throw new Error('it broke');
  if (fail === 'down') await ctx.http.get('down');
  if (nudge) return { nudge: ['alerts'] };
  const title = 'Disk full ' + JSON.stringify([ctx.scope?.id ?? null, delivery.body.includes('hook-secret'), delivery.headers]);
  const data = stream === 'alerts' ? { title: title.slice(0, 300), severity: 'warning', state, openedAt: '2026-11-20T08:00:00Z' } : { name: 'x' };
  return { batches: { [stream]: { upserts: [{ id, ...(site === undefined || ctx.scope ? {} : { scope: site }), data }] } } };
}
const hook = (name, verify, more = {}) => defineWebhook(account, { name, label: name, setUp: 'At Acme, add {url}.', verify, handle, ...more });
const hmac = { kind: 'hmac', header: 'x-signature', algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=', secret: '{secret.hook}' };
export default definePlugin({
  connections: [account], streams: [alerts, users],
  webhooks: [
    hook('standard', { kind: 'standard-webhooks', secret: '{secret.standard}' }),
    hook('stamped', { ...hmac, signed: '{header.x-time}.{body}', timestamp: { header: 'x-time', toleranceSeconds: 60 } }),
    hook('signed', { ...hmac, signed: '{body}' }, { idHeader: 'x-id', handshake: { query: 'challenge' }, route: ({ json }) => json.route ?? null }),
    hook('header', { kind: 'header', name: 'x-token', value: 'Bearer {secret.hook}' }),
    hook('body', { kind: 'body', pointer: '/token', value: '{secret.hook}' }),
    hook('basic', { kind: 'basic', username: 'acme', password: '{secret.hook}' }),
    hook('address', { kind: 'address' }),
    hook('trusted', { kind: 'address', trusted: 'It can only open alerts.' }),
  ],
});
`;

export const HOOK_SECRET = 'the-hook-secret';
/** A key as Standard Webhooks writes it. */
export const STANDARD_KEY = Buffer.from('0123456789abcdef0123456789abcdef');

let packed: Promise<Uint8Array> | undefined;

/** A connection with a webhook of every kind, its scope `north` mapped to a client and `south` to none. */
export interface HookPlugin {
  readonly connectionId: ConnectionId;
  readonly north: RemoteScopeId;
  readonly south: RemoteScopeId;
  webhook(name: string): Promise<WebhookView>;
  /** Its address without the origin. */
  path(name: string): Promise<string>;
  deliveries(name: string): Promise<DeliveryView[]>;
  /** Does what the job does for every delivery that waits. */
  handleAll(): Promise<void>;
}

/** Installs and connects it, as an administrator does. */
export async function connectHookPlugin(
  app: TestApp,
  scope: TenantScope,
  parts: { vendor: Pick<FakeVendor, 'url'>; north: ClientId; hasSecrets?: boolean },
): Promise<HookPlugin> {
  packed ??= packTestPlugin({ source, capabilities: { records: ['alert', 'user'], webhooks: true } });
  const pluginId = await installTestPlugin(app, scope, await packed);
  const secrets = { hook: HOOK_SECRET, standard: `whsec_${STANDARD_KEY.toString('base64')}` };
  const { container } = app;
  const connectionId = await connectTestPlugin(app, scope, {
    pluginId,
    vendor: parts.vendor,
    secrets: parts.hasSecrets === false ? {} : secrets,
  });
  await openWebhooks(app, scope.mspId, connectionId);
  await container.resolve(DiscoverScopes).run(systemScope(scope.mspId), connectionId);
  const scopes = await container.resolve(ScopeQueries).all(scope, connectionId);
  const idOf = (name: string): RemoteScopeId => {
    const found = scopes.find((remote) => remote.externalId === name);
    if (found === undefined) throw new Error(`There is no scope ${name}.`);
    return found.id;
  };
  const mapping = { scopeId: idOf('north'), version: 1, clientId: parts.north, reason: '' };
  await container.resolve(ChangeMapping).map(scope, mapping);
  const queries = container.resolve(DeliveryQueries);
  const all = async (): Promise<DeliveryView[]> =>
    (await queries.deliveries(scope, listDeliveriesInput.parse({ connectionId, limit: 200 }))).items;
  const webhook = async (name: string): Promise<WebhookView> => {
    const found = (await queries.webhooks(scope, { connectionId })).items.find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no webhook ${name}.`);
    return found;
  };
  return {
    connectionId,
    north: idOf('north'),
    south: idOf('south'),
    webhook,
    path: async (name) => new URL((await webhook(name)).address ?? '').pathname,
    async deliveries(name) {
      const { id } = await webhook(name);
      return (await all()).filter((one) => one.webhookId === id);
    },
    async handleAll() {
      for (const { id, state } of (await all()).toReversed())
        if (state === 'waiting') await container.resolve(HandleDelivery).run(systemScope(scope.mspId), id as never);
    },
  };
}

/** Does what the handler of `connection-ready` does. */
export async function openWebhooks(app: TestApp, mspId: MspId, connectionId: ConnectionId): Promise<void> {
  await app.container.resolve(OpenWebhooks).open(systemScope(mspId), connectionId);
}

/** The server's HTTP surface with its real door for deliveries. */
export function hookHttpApp(app: TestApp): Hono {
  const settings = app.container.resolve(SettingsToken);
  const door = webhookDoor({ container: app.container, settings, log: makeLogger('silent') });
  return testHttpApp(app, new Map(), { doors: { '/hooks': door } });
}
