import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { installTestPlugin, startFakeVendor, type FakeVendor } from '../../../../../test/support/test-plugin.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { PluginId } from '#modules/plugins';
import { ChangeConnection } from './change-connection.ts';
import { ConnectionPages } from './connection-page-queries.ts';
import { DescribeReach } from './describe-reach.ts';
import { Diagnostics } from './diagnostics.ts';
import { ListOptions } from './list-options.ts';
import { createConnectionInput, SaveConnection, updateConnectionInput } from './save-connection.ts';
import type { ConnectionId } from './plugin-host-table.ts';

const SECRET = 'k3y-9f8e7d6c5b4a-planted';

const source = `
import { ConfigInvalid, defineConnection, definePlugin, field } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Acme account',
  config: {
    url: field.url({ label: 'Address' }),
    key: field.secret({ label: 'API key' }),
    region: field.text({ optional: true, options: 'regions' }),
    owner: field.text({ optional: true, private: true }),
  },
  baseUrl: '{config.url}/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  async check(ctx) {
    if (ctx.config.region === 'moon') throw new ConfigInvalid('region', 'There is no such region.');
    ctx.log.info('checked for ' + ctx.config.owner);
    const me = await ctx.http.get('me');
    return { account: me.name, warnings: ['The key expires soon.'] };
  },
  options: { regions: async (ctx) => (await ctx.http.get('regions')).map((value) => ({ value, label: value })) },
});
export default definePlugin({ connections: [account] });
`;

let app: TestApp;
let vendor: FakeVendor;
let mspId: MspId;
let clientId: ClientId;
let scope: TenantScope;
let pluginId: PluginId;

beforeAll(async () => {
  app = await startTestApp();
  vendor = await startFakeVendor((request) => {
    if (request.headers['x-api-key'] !== SECRET) return { status: 401, json: { sent: request.headers['x-api-key'] } };
    return request.path === '/regions' ? { json: ['eu', 'us'] } : { json: { name: `ops with ${SECRET}` } };
  });
  const built = await buildMsp(app);
  mspId = built.mspId;
  [clientId] = built.clientIds as [ClientId];
  scope = staffScope(mspId);
  pluginId = await installTestPlugin(app, scope, { source });
});
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const approvals = () => [
  { kind: 'origin' as const, value: vendor.url },
  { kind: 'network' as const, value: '127.0.0.1' },
];

function input(change: object = {}) {
  return createConnectionInput.parse({
    pluginId,
    type: 'account',
    name: 'Acme',
    config: { url: vendor.url },
    secrets: { key: SECRET },
    approvals: approvals(),
    ...change,
  });
}

async function fieldsOf(work: Promise<unknown>): Promise<[string, string[]]> {
  return work.then(
    () => ['saved', []],
    (error: { code: string; fields: { path: string[] }[] }) => [
      error.code,
      error.fields.map(({ path }) => path.join('.')),
    ],
  );
}

const save = () => app.container.resolve(SaveConnection);

describe('SaveConnection.create', () => {
  it('names each field that is wrong, and keeps nothing', async () => {
    expect(await fieldsOf(save().create(scope, input({ config: { url: 'not a url', wrong: 1 } })))).toEqual([
      'plugin-host.bad-config',
      ['config.url', 'config.wrong'],
    ]);
    expect(await fieldsOf(save().create(scope, input({ secrets: {} })))).toEqual([
      'plugin-host.bad-config',
      ['secrets.key'],
    ]);
    expect(await fieldsOf(save().create(scope, input({ secrets: { key: SECRET, other: 'x' } })))).toEqual([
      'plugin-host.bad-config',
      ['secrets.other'],
    ]);
    expect(await fieldsOf(save().create(scope, input({ secrets: { key: 'wrong-credential' } })))).toEqual([
      'plugin-host.check-failed',
      ['secrets.key'],
    ]);
    const moon = input({ config: { url: vendor.url, region: 'moon' } });
    expect(await fieldsOf(save().create(scope, moon))).toEqual(['plugin-host.check-failed', ['config.region']]);
    expect(await app.container.resolve(ConnectionPages).list(scope, {})).toEqual([]);
  });

  it('reaches a host of the configuration only once an administrator approved it, told in words', async () => {
    const config = { url: vendor.url };
    const reach = await app.container.resolve(DescribeReach).run(scope, { pluginId, type: 'account', config });
    expect(reach.items).toMatchObject([{ field: 'url', network: 'private', needs: approvals() }]);
    expect(reach.items[0]?.sentence).toContain('private network');
    const before = vendor.requests.length;
    expect(await fieldsOf(save().create(scope, input({ approvals: [] })))).toEqual([
      'plugin-host.host-not-approved',
      ['config.url'],
    ]);
    const [code] = await fieldsOf(save().create(scope, input({ approvals: approvals().slice(0, 1) })));
    expect(code).toBe('plugin-host.check-failed');
    const manager = staffScope(mspId, { kind: 'all' }, new Set(['plugin-host.manage-connections']));
    expect(await fieldsOf(save().create(manager, input()))).toEqual(['permission.missing', []]);
    expect(vendor.requests.length).toBe(before);
  });

  it('is for those who reach its owner', async () => {
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [clientId] });
    expect(await fieldsOf(save().create(narrow, input({ approvals: [] })))).toEqual(['scope.needs-all-clients', []]);
    const other = await buildMsp(app);
    expect(await fieldsOf(save().create(staffScope(other.mspId), input()))).toEqual(['plugins.plugin-not-found', []]);
    expect(await fieldsOf(save().create(scope, input({ clientId: other.clientIds[0] })))).toEqual([
      'tenancy.client-not-found',
      [],
    ]);
  });
});

describe('a saved connection', () => {
  let connectionId: ConnectionId;
  const page = () => app.container.resolve(ConnectionPages).get(scope, { connectionId });
  const update = (change: object) => save().update(scope, updateConnectionInput.parse({ connectionId, ...change }));

  it('says who is signed in, keeps its secret sealed and gives it out nowhere', async () => {
    const created = await save().create(scope, input({ config: { url: vendor.url, owner: 'Ada Lovelace' } }));
    connectionId = created.connectionId;
    expect(created).toMatchObject({ account: 'ops with [secret]', warnings: ['The key expires soon.'] });
    const shown = await page();
    expect(shown).toMatchObject({ state: 'active', health: 'ok', secretsSet: ['key'], warnings: created.warnings });
    expect(shown.form.fields.map(({ name }) => name)).toEqual(['url', 'key', 'region', 'owner']);
    const admin = new pg.Client({ connectionString: app.database.superuserUrl });
    await admin.connect();
    const stored = await admin.query("select string_agg(t::text, '') as text from plugin_connection_secret t");
    const audited = await admin.query("select string_agg(t::text, '') as text from audit_entry t");
    await admin.end();
    for (const text of [stored.rows[0].text, audited.rows[0].text, JSON.stringify([created, shown])]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(Buffer.from(SECRET).toString('hex'));
    }
  });

  it('keeps its secret where none is typed, and wants it again where it would go to another host', async () => {
    const { version } = await update({ version: 1, name: 'Acme, Europe', config: { url: vendor.url, region: 'eu' } });
    expect(await page()).toMatchObject({ name: 'Acme, Europe', config: { region: 'eu' }, version });
    await using elsewhere = await startFakeVendor(() => ({ json: { name: 'thief' } }));
    const change = {
      version,
      config: { url: elsewhere.url },
      approvals: [...approvals(), { kind: 'origin', value: elsewhere.url }],
    };
    expect(await fieldsOf(update(change))).toEqual(['plugin-host.retype-secrets', ['secrets.key']]);
    expect(elsewhere.requests).toEqual([]);
    const options = app.container.resolve(ListOptions).run(scope, {
      pluginId,
      type: 'account',
      connectionId,
      name: 'regions',
      config: { url: elsewhere.url },
      secrets: {},
      approvals: [{ kind: 'origin', value: elsewhere.url }],
    });
    expect(await fieldsOf(options)).toEqual(['plugin-host.retype-secrets', ['secrets.key']]);
    expect(elsewhere.requests).toEqual([]);
    expect(await fieldsOf(update({ version: 1, name: 'Too late' }))).toEqual(['plugin-host.connection-changed', []]);
  });

  it('lists what can be chosen, asked at the vendor with what is stored', async () => {
    const { items } = await app.container.resolve(ListOptions).run(scope, {
      pluginId,
      type: 'account',
      connectionId,
      name: 'regions',
      config: { url: vendor.url },
      secrets: {},
      approvals: [],
    });
    expect(items.map(({ value }) => value)).toEqual(['eu', 'us']);
  });

  it('is told of another to the same account, and of none to another', async () => {
    const change = app.container.resolve(ChangeConnection);
    const twin = expect.stringContaining('“Acme, Europe” seems to be the same account');
    const { connectionId: second, warnings } = await save().create(scope, input({ name: 'Twin' }));
    expect(warnings).toEqual(['The key expires soon.', twin]);
    expect(await change.test(scope, { connectionId: second })).toMatchObject({ warnings: [expect.anything(), twin] });
    await using elsewhere = await startFakeVendor(() => ({ json: { name: 'ops with [secret]' } }));
    const other = await save().create(
      scope,
      input({
        name: 'Other server',
        config: { url: elsewhere.url },
        approvals: [...approvals(), { kind: 'origin', value: elsewhere.url }],
      }),
    );
    expect(other.warnings).toEqual(['The key expires soon.']);
    for (const made of [second, other.connectionId])
      await change.remove(scope, {
        connectionId: made,
        version: (await app.container.resolve(ConnectionPages).get(scope, { connectionId: made })).version,
        purge: false,
      });
  });

  it('has its name for itself, as long as it is there', async () => {
    const taken = ['plugin-host.name-taken', ['name']];
    expect(await fieldsOf(save().create(scope, input({ name: 'ACME, Europe' })))).toEqual(taken);
    const { connectionId: second } = await save().create(scope, input({ name: 'Twin' }));
    const renamed = updateConnectionInput.parse({ connectionId: second, version: 1, name: 'acme, europe' });
    expect(await fieldsOf(save().update(scope, renamed))).toEqual(taken);
    await app.container.resolve(ChangeConnection).remove(scope, { connectionId: second, version: 1, purge: true });
    const elsewhere = await buildMsp(app);
    const theirs = staffScope(elsewhere.mspId);
    const theirPlugin = await installTestPlugin(app, theirs, { source });
    await save().create(theirs, input({ pluginId: theirPlugin, name: 'Acme, Europe' }));
  });

  it('is tested, paused, resumed and limited', async () => {
    const change = app.container.resolve(ChangeConnection);
    expect(await change.test(scope, { connectionId })).toMatchObject({ isWorking: true, failure: null });
    const paused = await change.pause(scope, { connectionId, version: (await page()).version });
    expect(await page()).toMatchObject({ state: 'paused', health: 'paused' });
    const resumed = await change.resume(scope, { connectionId, ...paused });
    const limits = [{ per: 'connection' as const, requests: 10, seconds: 60 }];
    await change.setLimits(scope, { connectionId, ...resumed, limits });
    expect(await page()).toMatchObject({ state: 'active', limits });
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [clientId] });
    await expect(change.pause(narrow, { connectionId, ...resumed })).rejects.toMatchObject({
      code: 'plugin-host.connection-not-found',
    });
  });

  it('is told of in a file without secrets and without what is private', async () => {
    const { version, name } = await page();
    await update({ version, config: { url: vendor.url, owner: 'Ada Lovelace' } });
    await app.container.resolve(ChangeConnection).test(scope, { connectionId });
    const { body, fileName } = await app.container.resolve(Diagnostics).open(scope, { connectionId });
    const text = await new Response(body).text();
    expect(fileName).toMatch(/^diagnostics-test-acme-/);
    expect(JSON.parse(text)).toMatchObject({
      plugin: { name: 'test/acme' },
      connection: { config: { owner: '[left out]' }, secretsSet: ['key'] },
      calls: [{ kind: 'check' }],
      log: [{ message: 'checked for [secret]' }, {}],
    });
    expect(name).toBe('Acme, Europe');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('Ada');
  });

  it('is gone with its secret, to its last row', async () => {
    const change = app.container.resolve(ChangeConnection);
    const { version } = await page();
    await expect(change.remove(scope, { connectionId, version: 1, purge: true })).rejects.toMatchObject({
      code: 'plugin-host.connection-changed',
    });
    await change.remove(scope, { connectionId, version, purge: true });
    await expect(page()).rejects.toMatchObject({ code: 'plugin-host.connection-not-found' });
  });
});
