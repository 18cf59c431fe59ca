import { ConnectionIssues, type ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { SaveConnection } from '../../packages/core/src/modules/plugin-host/save-connection.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { staffScope, type TestApp } from './test-app.ts';
import { installTestPlugin, packTestPlugin } from './test-plugin.ts';
import type { World } from './world.ts';

const source = `
import { defineAction, defineConnection, definePlugin, defineStream, defineSubscriber, defineView, defineWebhook, field } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Acme account',
  config: { region: field.text({ optional: true }), key: field.secret() },
  baseUrl: 'https://acme.example/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  check: async () => ({ account: 'ops@acme.example' }),
  async *discoverScopes() { yield [{ id: 'first', name: 'First', kind: 'site' }]; },
});
const people = defineStream(account, {
  name: 'people', label: 'People', entity: 'user', mode: 'full', grain: 'scope', every: 'PT1H',
  async *read() { yield { upserts: [] }; },
});
const lock = defineAction(account, {
  name: 'lock', label: 'Lock', input: { target: field.entity('user') }, effect: 'update', grain: 'scope', target: 'user', idempotency: 'natural',
  plan: async (ctx, { target }) => ({
    summary: 'Locks ' + target, changes: [{ what: 'Sign-in', to: 'no' }], affected: [{ entity: 'user', id: target }], isReversible: true, disruption: 'none',
  }),
  apply: async () => ({ summary: 'Locked' }),
});
const changes = defineWebhook(account, {
  name: 'changes', label: 'Changes', setUp: 'Add {url}.', verify: { kind: 'address' },
  async handle() { return { nudge: ['people'] }; },
});
const listen = defineSubscriber(account, { name: 'listen', label: 'Listen', events: ['alert.raised'], async handle() {} });
const sample = defineView(account, {
  name: 'sample', label: 'Sample', slot: 'client.tab/v1',
  render: async () => [{ kind: 'entity-link', entity: 'user', id: 'first-person', text: 'First Person' }],
});
export default definePlugin({
  connections: [account], streams: [people], actions: [lock], webhooks: [changes], subscribers: [listen], views: [sample],
});
`;

let packed: Promise<Uint8Array> | undefined;

/** An installed plugin with a connection of the first client's own and an open issue. */
export async function addPlugin(app: TestApp, world: World): Promise<ConnectionId> {
  const scope = staffScope(world.mspId);
  packed ??= packTestPlugin({
    source,
    egress: ['acme.example'],
    capabilities: {
      records: ['user'],
      actions: 'update',
      webhooks: true,
      events: ['alert.raised'],
      views: ['client.tab/v1'],
    },
  });
  const pluginId = await installTestPlugin(app, scope, await packed);
  const { connectionId } = await app.container.resolve(SaveConnection).create(scope, {
    pluginId,
    type: 'account',
    name: 'Acme',
    clientId: world.first,
    config: {},
    secrets: { key: 'a-secret-of-the-first-client' },
    approvals: [],
  });
  await app.container.resolve(ScopedDb).transaction(scope, (tx) =>
    app.container.resolve(ConnectionIssues).raise(tx, {
      connectionId,
      remoteScopeId: null,
      id: 'sample',
      severity: 'warning',
      title: 'Sample',
    }),
  );
  return connectionId;
}
