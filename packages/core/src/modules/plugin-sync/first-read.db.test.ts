import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildMsp, staffScope, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import {
  connectTestPlugin,
  installTestPlugin,
  startFakeVendor,
  startPluginApp,
  type FakeVendor,
} from '../../../../../test/support/test-plugin.ts';
import { IssuePages, listIssuesInput } from '../plugin-host/issue-page-queries.ts';
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
