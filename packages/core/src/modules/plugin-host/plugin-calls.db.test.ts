import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import {
  connectTestPlugin,
  installTestPlugin,
  startFakeVendor,
  type FakeVendor,
  type VendorAnswer,
} from '../../../../../test/support/test-plugin.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { PluginId } from '#modules/plugins';
import { ConnectionPages } from './connection-page-queries.ts';
import { IssuePages } from './issue-page-queries.ts';
import type { ConnectionId } from './plugin-host-table.ts';
import { PluginCalls } from './plugin-calls.ts';

const SECRET = 'k3y-9f8e7d6c5b4a-planted';

const source = `
import { AuthFailed, defineConnection, definePlugin, defineStream, defineView, field, scopeOf } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account',
  label: 'Acme account',
  config: { url: field.url({ label: 'Address' }), key: field.secret({ label: 'API key' }), owner: field.text({ optional: true, private: true }) },
  baseUrl: '{config.url}/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  async check(ctx) {
    const me = await ctx.http.get('me');
    return { account: me.name };
  },
  async *discoverScopes(ctx) {
    yield (await ctx.http.get('sites')).map((site) => ({ id: site, name: site, kind: 'site' }));
  },
  options: { regions: async (ctx) => [{ value: 'eu', label: 'Europe' }] },
});
const things = defineStream(account, {
  name: 'things', label: 'Things', entity: 'device', mode: 'full', grain: 'scope', every: 'PT5M',
  async *read(ctx) {
    const seen = (await ctx.state.get('runs')) ?? 0;
    await ctx.state.set('runs', seen + 1);
    ctx.log.info('reading', { seen, echoed: ctx.config.owner ?? '' });
    const body = await ctx.http.get('things?site=' + scopeOf(ctx).id);
    if (body.echo !== undefined) { ctx.log.warn('vendor said ' + body.echo); throw new AuthFailed('refused: ' + body.echo); }
    if (body.low) ctx.issues.raise({ id: 'quota-low', severity: 'warning', title: 'The quota is nearly used up' });
    yield { upserts: body.items.map((id) => ({ id, data: { name: id } })) };
  },
});
const view = defineView(account, { name: 'overview', label: 'Acme', slot: 'client.tab/v1', async render(ctx) {
  await ctx.http.request('write', { method: 'POST', json: {} });
  return [];
} });
export default definePlugin({ connections: [account], streams: [things], views: [view] });
`;

let app: TestApp;
let vendor: FakeVendor;
let mspId: MspId;
let clientId: ClientId;
let scope: TenantScope;
let pluginId: PluginId;
let connectionId: ConnectionId;
let answers: Record<string, VendorAnswer>;

beforeAll(async () => {
  app = await startTestApp();
  answers = {
    '/me': { json: { name: 'ops@acme.example' } },
    '/sites': { json: ['north', 'south'] },
    '/things?site=north': { json: { items: ['n1', 'n2'] } },
  };
  vendor = await startFakeVendor((request) =>
    request.headers['x-api-key'] === SECRET ? (answers[request.path] ?? { status: 404 }) : { status: 401 },
  );
  const built = await buildMsp(app);
  mspId = built.mspId;
  [clientId] = built.clientIds as [ClientId];
  scope = staffScope(mspId);
  pluginId = await installTestPlugin(app, scope, {
    source,
    capabilities: { records: ['device'], state: true, views: ['client.tab/v1'] },
  });
  connectionId = await connectTestPlugin(app, scope, {
    pluginId,
    vendor,
    secrets: { key: SECRET },
    config: { owner: 'Ada Lovelace' },
  });
});
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const north = { id: 'north', name: 'North', kind: 'site' };

async function readAll(remote = north): Promise<unknown[]> {
  const batches: unknown[] = [];
  const call = { kind: 'read', name: 'things', cursor: undefined } as const;
  for await (const batch of app.container.resolve(PluginCalls).pull(scope, { connectionId, remote, call }))
    batches.push(batch);
  return batches;
}

describe('PluginCalls', () => {
  it('pulls what the plugin reads, with the credential in the request and nowhere else', async () => {
    expect(await readAll()).toEqual([
      {
        upserts: [
          { id: 'n1', data: { name: 'n1' } },
          { id: 'n2', data: { name: 'n2' } },
        ],
      },
    ]);
    const sent = vendor.requests.at(-1);
    expect(sent?.headers['x-api-key']).toBe(SECRET);
  });

  it('keeps the state of each scope apart, across calls', async () => {
    await readAll();
    const log = await app.container.resolve(IssuePages).log(scope, { connectionId, limit: 10 });
    expect(log.items[0]).toMatchObject({
      call: 'read:things',
      scope: 'north',
      message: 'reading',
      fields: { seen: 1 },
    });
  });

  it('counts calls, and says when anything last succeeded', async () => {
    const page = await app.container.resolve(ConnectionPages).get(scope, { connectionId });
    expect(page.calls.find(({ kind }) => kind === 'read:things')).toMatchObject({ label: 'Things', failures: 0 });
    expect(page.secretsSet).toEqual(['key']);
    expect(JSON.stringify(page)).not.toContain(SECRET);
  });

  it('refuses what is not there, not granted or wrongly bound', async () => {
    const calls = app.container.resolve(PluginCalls);
    await expect(
      calls.call(scope, { connectionId, remote: null, call: { kind: 'options', name: 'nothing' } }),
    ).rejects.toThrow('has no options:nothing');
    await expect(readAll(null as never)).rejects.toThrow('works on one scope');
    await expect(
      calls.call(scope, { connectionId, remote: north, call: { kind: 'plan', name: 'reboot', input: {} } }),
    ).rejects.toMatchObject({ failure: 'NotSupported' });
  });

  it('lets a view write nothing at the vendor', async () => {
    const before = vendor.requests.length;
    const call = { kind: 'render', name: 'overview', params: {}, subject: {} } as const;
    await expect(
      app.container.resolve(PluginCalls).call(scope, { connectionId, remote: null, call }),
    ).rejects.toMatchObject({ name: 'CallFailed' });
    expect(vendor.requests.length).toBe(before);
  });

  it('answers a connection of another MSP as one that is not there', async () => {
    const other = await buildMsp(app);
    const call = { connectionId, remote: null, call: { kind: 'check' } } as const;
    const calls = app.container.resolve(PluginCalls);
    await expect(calls.call(staffScope(other.mspId), call)).rejects.toMatchObject({
      code: 'plugin-host.connection-not-found',
    });
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [clientId] });
    await expect(calls.call(narrow, call)).rejects.toMatchObject({ code: 'plugin-host.connection-not-found' });
  });

  it('closes an issue that a later run does not raise', async () => {
    answers['/things?site=north'] = { json: { items: [], low: true } };
    await readAll();
    const pages = app.container.resolve(IssuePages);
    const open = await pages.list(scope, { connectionId, limit: 10, withClosed: false });
    expect(open.items.map(({ title }) => title)).toContain('The quota is nearly used up');
    answers['/things?site=north'] = { json: { items: [] } };
    await readAll();
    const after = await pages.list(scope, { connectionId, limit: 10, withClosed: false });
    expect(after.items.map(({ title }) => title)).not.toContain('The quota is nearly used up');
  });

  it('breaks the connection when its credential is refused, says so once, without the secret, and repairs it by a test', async () => {
    answers['/things?site=north'] = { json: { items: [], echo: SECRET } };
    await expect(readAll()).rejects.toMatchObject({ failure: 'AuthFailed' });
    const page = await app.container.resolve(ConnectionPages).get(scope, { connectionId });
    expect(page).toMatchObject({ state: 'broken', health: 'error' });
    await expect(readAll()).rejects.toMatchObject({ failure: 'NotSupported' });
    const pages = app.container.resolve(IssuePages);
    const issues = await pages.list(scope, { connectionId, limit: 10, withClosed: false });
    expect(issues.items).toMatchObject([{ key: 'auth-failed', repair: 're-enter-credential' }]);
    const log = await pages.log(scope, { connectionId, limit: 100 });
    expect(JSON.stringify([page, issues, log])).not.toContain(SECRET);
    const { ChangeConnection } = await import('./change-connection.ts');
    const tested = await app.container.resolve(ChangeConnection).test(scope, { connectionId });
    expect(tested).toMatchObject({ isWorking: true, account: 'ops@acme.example' });
    expect(await pages.list(scope, { connectionId, limit: 10, withClosed: false })).toMatchObject({ items: [] });
    answers['/things?site=north'] = { json: { items: ['n1'] } };
    expect(await readAll()).toHaveLength(1);
  });
});
