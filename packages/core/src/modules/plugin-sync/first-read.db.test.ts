import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import {
  connectTestPlugin,
  installTestPlugin,
  packTestPlugin,
  startFakeVendor,
  startPluginApp,
  uploadTestPlugin,
  type FakeVendor,
} from '../../../../../test/support/test-plugin.ts';
import { IssuePages, listIssuesInput } from '../plugin-host/issue-page-queries.ts';
import { InstallPlugin } from '../plugins/install-plugin.ts';
import { DiscoverScopes } from '../plugin-scopes/discover-scopes.ts';
import { RunStream } from './run-stream.ts';
import { StartStreams } from './start-streams.ts';
import { listStreamsInput, StreamQueries } from './stream-queries.ts';

const SOURCE = `
import { defineConnection, definePlugin, defineStream, field } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account',
  label: 'Account',
  config: { url: field.url() },
  baseUrl: '{config.url}',
  auth: { kind: 'none' },
  async check() { return { account: 'ops' }; },
  async *discoverScopes(ctx) { yield (await ctx.http.get('/sites')).map(({ id }) => ({ id, name: id, kind: 'site' })); },
});
const devices = defineStream(account, {
  name: 'devices', label: 'Devices', entity: 'device', mode: 'full', grain: 'connection', every: 'PT5M',
  async *read(ctx) {
    const sites = await ctx.http.get('/sites');
    yield { upserts: sites.map(({ id }) => ({ id, scope: id, data: { name: 'pc-' + id } })) };
  },
});
export default definePlugin({ connections: [account], streams: [devices] });
`;

let app: TestApp;
let vendor: FakeVendor;
beforeAll(async () => {
  app = await startPluginApp();
  vendor = await startFakeVendor(() => ({ json: [{ id: 'a' }, { id: 'b' }] }));
});
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

test('what is read for all scopes at once waits until they are listed, and complains of nothing', async () => {
  const { mspId } = await buildMsp(app);
  const [scope, job] = [staffScope(mspId), systemScope(mspId)];
  const pluginId = await installTestPlugin(app, scope, { source: SOURCE, capabilities: { records: ['device'] } });
  const connectionId = await connectTestPlugin(app, scope, { pluginId, vendor });
  const start = app.container.resolve(StartStreams);
  await start.plan(job, connectionId);
  const { items } = await app.container.resolve(StreamQueries).list(scope, listStreamsInput.parse({ connectionId }));
  const read = () => app.container.resolve(RunStream).run(job, items[0]?.id as never);

  expect(await read()).toBeNull();
  await app.container.resolve(DiscoverScopes).run(job, connectionId);
  await start.nudge(job, { connectionId });
  expect(await read()).toMatchObject({ added: 2, refused: [] });
  const found = await app.container.resolve(IssuePages).list(scope, listIssuesInput.parse({ connectionId }));
  expect(found.items).toEqual([]);
});

test('a stream that a new version brings is planned for the connections that are there', async () => {
  await using working = await startTestApp({ workers: true });
  const { mspId } = await buildMsp(working);
  const scope = staffScope(mspId);
  const pluginId = await installTestPlugin(working, scope, { source: SOURCE, capabilities: { records: ['device'] } });
  const connectionId = await connectTestPlugin(working, scope, { pluginId, vendor });
  const names = async () => {
    const listed = await working.container.resolve(StreamQueries).list(scope, listStreamsInput.parse({ connectionId }));
    return listed.items.map(({ name }) => name);
  };
  await expect.poll(names, { timeout: 20_000 }).toEqual(['devices']);

  const source = SOURCE.replace(
    'export default',
    `const checks = defineStream(account, { ...devices, name: 'checks', label: 'Checks' });\nexport default`,
  ).replace('[devices] }', '[devices, checks] }');
  const bytes = await packTestPlugin({ source, version: '1.1.0', capabilities: { records: ['device'] } });
  const uploaded = await uploadTestPlugin(working, scope, bytes);
  await working.container.resolve(InstallPlugin).update(scope, { pluginId, rowVersion: 1, accepts: [], ...uploaded });
  await expect.poll(names, { timeout: 20_000 }).toEqual(['checks', 'devices']);
});
