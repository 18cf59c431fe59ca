import type { WebhookBatch } from '@bailiwick/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildMsp, systemScope, staffScope, type TestApp } from '../../../../../test/support/test-app.ts';
import {
  connectTestPlugin,
  installTestPlugin,
  startFakeVendor,
  startPluginApp,
  type FakeVendor,
} from '../../../../../test/support/test-plugin.ts';
import type { TenantScope } from '../../kernel/tenant-scope.ts';
import type { ClientId } from '../../kernel/id.ts';
import { ChangeConnection } from '../plugin-host/change-connection.ts';
import { ConnectionPages } from '../plugin-host/connection-page-queries.ts';
import { IssuePages, listIssuesInput } from '../plugin-host/issue-page-queries.ts';
import type { ConnectionId } from '../plugin-host/index.ts';
import { ChangeMapping } from '../plugin-scopes/change-mapping.ts';
import { DiscoverScopes } from '../plugin-scopes/discover-scopes.ts';
import { ScopeQueries } from '../plugin-scopes/index.ts';
import { ChangeStream, updateStreamInput } from './change-stream.ts';
import { DeliverBatch } from './deliver-batch.ts';
import { EntityQueries, listRecordsInput } from './record-queries.ts';
import { RehomeRecords } from './rehome-records.ts';
import { RunStream } from './run-stream.ts';
import { StartStreams } from './start-streams.ts';
import { listStreamsInput, StreamQueries } from './stream-queries.ts';

const SOURCE = `
import { defineConnection, definePlugin, defineStream, field, scopeOf } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account',
  label: 'Account',
  config: { url: field.url(), token: field.secret() },
  baseUrl: '{config.url}',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'X-Token', value: '{secret.token}' }] },
  async check(ctx) { return { account: (await ctx.http.get('/me')).name }; },
  async *discoverScopes(ctx) { yield (await ctx.http.get('/sites')).map(({ id, name }) => ({ id, name, kind: 'site' })); },
});
const devices = defineStream(account, {
  name: 'devices', label: 'Devices', entity: 'device', mode: 'full', grain: 'scope', every: 'PT5M',
  async *read(ctx) {
    const list = await ctx.http.get('/sites/' + scopeOf(ctx).id + '/devices');
    yield { upserts: list.map((item) => ({ id: item.id, data: { name: item.name } })) };
  },
});
export default definePlugin({ connections: [account], streams: [devices] });
`;

let app: TestApp;
let vendor: FakeVendor;
let scope: TenantScope;
let clientIds: ClientId[];
let connectionId: ConnectionId;
/** What happens here while the vendor answers. */
let meanwhile: (path: string) => Promise<unknown> = async () => undefined;
let answer: (path: string, token: string | undefined) => { status?: number; json?: unknown; text?: string };

const devicesOf = (site: string, count = 3) =>
  Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: `${site}-${index}` }));
const healthy: typeof answer = (path, token) => {
  if (token !== 'good') return { status: 401, json: { error: 'bad token' } };
  if (path === '/me') return { json: { name: 'ops' } };
  if (path === '/sites') return { json: ['a', 'b'].map((id) => ({ id, name: `Site ${id}` })) };
  return { json: devicesOf(path.split('/')[2] ?? '') };
};

beforeAll(async () => {
  app = await startPluginApp();
  answer = healthy;
  vendor = await startFakeVendor(async ({ path, headers }) => {
    await meanwhile(path);
    return answer(path, headers['x-token']);
  });
  const msp = await buildMsp(app, { clients: 2 });
  scope = staffScope(msp.mspId);
  clientIds = msp.clientIds;
  const pluginId = await installTestPlugin(app, scope, { source: SOURCE, capabilities: { records: ['device'] } });
  connectionId = await connectTestPlugin(app, scope, { pluginId, vendor, secrets: { token: 'good' } });
  const job = systemScope(msp.mspId);
  await app.container.resolve(DiscoverScopes).run(job, connectionId);
  const scopes = await app.container.resolve(ScopeQueries).all(job, connectionId);
  for (const [index, remote] of scopes.entries()) {
    await app.container.resolve(ChangeMapping).map(scope, {
      scopeId: remote.id,
      version: 1,
      reason: '',
      clientId: clientIds[index] ?? expect.fail('too many scopes'),
    });
    await app.container.resolve(RehomeRecords).run(job, { scopeId: remote.id, connectionId });
  }
});
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

/** Runs all streams of the connection, as the scheduler would. */
async function readAll() {
  const job = systemScope(scope.mspId);
  await app.container.resolve(StartStreams).nudge(job, { connectionId });
  const { items } = await streams();
  const reports = [];
  for (const stream of items) reports.push(await app.container.resolve(RunStream).run(job, stream.id as never));
  return reports;
}

const streams = () => app.container.resolve(StreamQueries).list(scope, listStreamsInput.parse({ connectionId }));
const issues = async () =>
  (await app.container.resolve(IssuePages).list(scope, listIssuesInput.parse({ connectionId }))).items;
const devices = async (clientId?: ClientId) =>
  (await app.container.resolve(EntityQueries).list(scope, listRecordsInput.parse({ entity: 'device', clientId })))
    .items;

test('each client gets the records of its own scope, through the sandbox', async () => {
  expect(await readAll()).toMatchObject([{ added: 3 }, { added: 3 }]);
  expect((await devices(clientIds[0])).map(({ name }) => name)).toEqual(['a-0', 'a-1', 'a-2']);
  expect((await devices(clientIds[1])).map(({ name }) => name)).toEqual(['b-0', 'b-1', 'b-2']);
  expect(await readAll()).toMatchObject([{ unchanged: 3, added: 0, changed: 0 }, { unchanged: 3 }]);
});

test('a stream is read as seldom as a person wants, never quicker than the plugin says', async () => {
  const change = app.container.resolve(ChangeStream);
  const [stream = expect.fail('no stream')] = (await streams()).items;
  const { streamId, version } = updateStreamInput.parse({ streamId: stream.id, version: stream.version });
  await expect(change.update(scope, { streamId, version, everySeconds: 299 })).rejects.toMatchObject({
    code: 'plugin-sync.too-often',
    fields: [{ path: ['everySeconds'], message: 'must be at least 300, which is how often the plugin reads it' }],
  });
  const month = 31 * 24 * 3600;
  const tooLong = updateStreamInput.safeParse({ streamId, version, everySeconds: month + 1 });
  expect(tooLong.error?.issues).toMatchObject([{ path: ['everySeconds'], message: 'must be at most 31 days' }]);
  expect(updateStreamInput.safeParse({ streamId, version, everySeconds: month }).success).toBe(true);
  const slower = await change.update(scope, { streamId, version, everySeconds: 300 });
  await change.update(scope, { streamId, ...slower, everySeconds: null });
  // At once: what was slow before would be waited out first.
  const nextAt = (await streams()).items.find(({ id }) => id === streamId)?.nextAt ?? expect.fail('no stream');
  expect(Temporal.Instant.compare(nextAt, app.clock.now())).toBeLessThanOrEqual(0);
});

test('what is delivered while a list is read is not gone because the list lacks it', async () => {
  const job = systemScope(scope.mspId);
  const [remote] = await app.container.resolve(ScopeQueries).all(job, connectionId);
  const deliver = (batch: WebhookBatch) =>
    app.container
      .resolve(DeliverBatch)
      .run(job, { connectionId, remoteScopeId: remote?.id ?? null, stream: 'devices', batch });
  const list = `/sites/${remote?.externalId}/devices`;
  meanwhile = async (path) => {
    if (path === list) await deliver({ upserts: [{ id: 'fresh', data: { name: 'fresh' } }] });
  };
  expect(await readAll()).toMatchObject([
    { heldBack: null, deleted: 0 },
    { heldBack: null, deleted: 0 },
  ]);
  meanwhile = async () => undefined;
  expect((await devices()).map(({ name }) => name)).toContain('fresh');
  await deliver({ upserts: [], deletes: [{ id: 'fresh' }] });
  expect(await devices()).toHaveLength(6);
});

test.for([
  ['a page of HTML with status 200', { text: '<html>Sign in</html>' }, 'VendorBug'],
  ['truncated JSON', { text: '[{"id":"0","na' }, 'VendorBug'],
  ['an outage', { status: 503, text: 'down' }, 'Transient'],
] as const)('%s fails typed, and deletes nothing', async ([, broken, failure]) => {
  answer = (path, token) => (path.endsWith('/devices') ? broken : healthy(path, token));
  const reports = await readAll();
  answer = healthy;
  expect(reports.map((report) => report?.failure?.failure)).toEqual([failure, failure]);
  expect(await devices()).toHaveLength(6);
  app.clock.advance({ hours: 7 });
  await readAll();
  expect(await issues()).toEqual([]);
});

test('an empty list where there were records is an issue of that scope, with the way to accept it', async () => {
  answer = (path, token) => (path === '/sites/a/devices' ? { json: [] } : healthy(path, token));
  await readAll();
  expect(await devices()).toHaveLength(6);
  expect(await issues()).toMatchObject([{ key: 'held-back-devices', repair: 'accept-deletion' }]);
  answer = healthy;
  await readAll();
  expect(await issues()).toEqual([]);
});

test('a refused credential is one issue on the connection, not one for each scope', async () => {
  answer = () => ({ status: 401, json: {} });
  app.clock.advance({ hours: 1 });
  await readAll();
  app.clock.advance({ hours: 1 });
  expect(await readAll()).toEqual([null, null]);
  expect(await issues()).toMatchObject([
    { key: 'auth-failed', remoteScopeId: null, repair: 're-enter-credential', closedAt: null },
  ]);
  answer = healthy;
});

test('removing the connection with purge leaves no record, stream or pass', async () => {
  const change = app.container.resolve(ChangeConnection);
  const { version } = await app.container.resolve(ConnectionPages).get(scope, { connectionId });
  await change.remove(scope, { connectionId, version, purge: true });
  expect(await devices()).toEqual([]);
  expect((await streams()).items).toEqual([]);
});
