import { createHash } from 'node:crypto';
import { generatePublisherKey, packBundle, readBundle } from '@bailiwick/plugin-runtime';
import { ARCHIVE_END, writeArchive } from '../../../../plugin-runtime/src/bundle/archive.ts';
import { signDigest } from '../../../../plugin-runtime/src/bundle/publisher-key.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import {
  connectTestPlugin,
  installTestPlugin,
  packTestPlugin,
  startFakeVendor,
  uploadTestPlugin,
  type FakeVendor,
} from '../../../../../test/support/test-plugin.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { ChangePlugin } from './change-plugin.ts';
import { InstallPlugin } from './install-plugin.ts';
import { SweepPackages } from './plugins-jobs.ts';
import { PluginPackages } from './plugin-packages.ts';
import { PluginQueries } from './plugin-queries.ts';
import type { PluginId } from './plugin-table.ts';
import { PreviewPlugin } from './preview-plugin.ts';

const source = `
import { defineAction, defineConnection, definePlugin, field } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Acme account',
  config: { url: field.url({ label: 'Address' }), key: field.secret({ label: 'API key' }) },
  baseUrl: '{config.url}/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  async check(ctx) { return { account: (await ctx.http.get('me')).name }; },
});
const reboot = defineAction(account, {
  name: 'reboot', label: 'Reboot', input: {}, effect: 'execute', grain: 'connection', idempotency: 'none',
  async plan() { return { summary: 'Reboot', changes: [], affected: [], isReversible: false, disruption: 'brief' }; },
  async apply() { return { summary: 'Done' }; },
});
`;
const plain = `${source} export default definePlugin({ connections: [account] });`;
const withAction = `${source} export default definePlugin({ connections: [account], actions: [reboot] });`;

let app: TestApp;
let vendor: FakeVendor;
let mspId: MspId;
let clientId: ClientId;
let scope: TenantScope;

beforeAll(async () => {
  app = await startTestApp();
  vendor = await startFakeVendor(() => ({ json: { name: 'ops' } }));
  const built = await buildMsp(app);
  mspId = built.mspId;
  [clientId] = built.clientIds as [ClientId];
  scope = staffScope(mspId);
});
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

async function refusalOf(bytes: Uint8Array): Promise<string> {
  const answer = await uploadTestPlugin(app, scope, bytes).then(
    () => 'taken',
    (error: { code?: string; fields?: { path: string[] }[] }) => `${error.code} ${error.fields?.[0]?.path.join('/')}`,
  );
  return answer;
}

/** Packs and signs whatever it is given, as somebody would who does not use our packer. */
function signed(files: ReadonlyMap<string, string>): Uint8Array {
  const key = generatePublisherKey();
  const archive = writeArchive([...files].map(([path, text]) => ({ path, bytes: Buffer.from(text) })));
  const digest = createHash('sha256').update(archive).digest('hex');
  const signature = JSON.stringify({ publisherKey: key.publicKey, signature: signDigest(digest, key) }, null, 2);
  const last = writeArchive([{ path: 'signature.json', bytes: Buffer.from(`${signature}\n`) }]);
  return Buffer.concat([archive, last, ARCHIVE_END]);
}

/** Every row of the MSP in a table of plugins, past all policies. */
async function pluginRows(): Promise<Record<string, number>> {
  const admin = new pg.Client({ connectionString: app.database.superuserUrl });
  await admin.connect();
  try {
    const tables = await admin.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_name like 'plugin%' order by 1",
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables.rows) {
      const found = await admin.query<{ count: number }>(
        `select count(*)::int as count from ${pg.escapeIdentifier(name)} where msp_id = $1`,
        [mspId],
      );
      if (found.rows[0]?.count !== 0) counts[name] = found.rows[0]?.count ?? -1;
    }
    return counts;
  } finally {
    await admin.end();
  }
}

describe('PluginPackages.upload', () => {
  it('refuses a file that was changed after it was signed', async () => {
    const bytes = Buffer.from(await packTestPlugin({ source: plain }));
    const at = bytes.indexOf('Acme account');
    bytes.write('Evil', at);
    expect(await refusalOf(bytes)).toBe('plugins.bad-signature body/signature.json/signature');
    expect(await pluginRows()).toEqual({});
  });

  it('refuses fields that nobody knows, what would run at installation, and code that reaches for Node', async () => {
    const changed = async (change: (files: Map<string, string>) => void): Promise<string> => {
      const bundle = readBundle(await packTestPlugin({ source: plain }));
      const files = new Map<string, string>([
        ['plugin.json', JSON.stringify(bundle.manifest)],
        ['contributions.json', JSON.stringify(bundle.description)],
        ['plugin.mjs', bundle.code],
        ['sbom.json', JSON.stringify(bundle.sbom)],
        ...bundle.docs.map(({ path, text }) => [path, text] as const),
      ]);
      change(files);
      return refusalOf(signed(files));
    };
    const manifest = (files: Map<string, string>, extra: object): unknown =>
      files.set('plugin.json', JSON.stringify({ ...JSON.parse(files.get('plugin.json') ?? ''), ...extra }));
    expect(await changed((files) => manifest(files, { trusted: true }))).toBe(
      'plugins.unknown-field body/plugin.json/trusted',
    );
    expect(await changed((files) => manifest(files, { postinstall: 'sh x' }))).toBe(
      'plugins.install-script body/plugin.json/postinstall',
    );
    expect(await changed((files) => files.set('install.sh', 'sh x'))).toMatch(/^plugins\.install-script /);
    expect(await changed((files) => files.set('plugin.mjs', `import 'node:fs';\n${files.get('plugin.mjs')}`))).toMatch(
      /^plugins\.node-import body\/plugin\.mjs/,
    );
    expect(await pluginRows()).toEqual({});
  });

  it('refuses a plugin whose code contributes something else than its file says', async () => {
    const bundle = readBundle(await packTestPlugin({ source: plain }));
    const description = {
      ...bundle.description,
      connections: bundle.description.connections.map((connection) => ({ ...connection, label: 'Another account' })),
    };
    const bytes = packBundle({ ...bundle, description }, generatePublisherKey());
    await expect(installTestPlugin(app, scope, bytes)).rejects.toMatchObject({ code: 'plugins.contributions-differ' });
    await app.container.resolve(SweepPackages).run(staffScope(mspId));
  });

  it('refuses what is no plugin, and what is larger than one may be, before it is read to its end', async () => {
    expect(await refusalOf(new TextEncoder().encode('#!/bin/sh\n'))).toMatch(/^plugins\.not-a-bundle/);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024 * 1024;
        if (sent > 50 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const upload = { fileName: 'big.bailiwick-plugin', contentType: 'application/octet-stream', body };
    await expect(app.container.resolve(PluginPackages).upload(scope, upload)).rejects.toMatchObject({
      code: 'plugins.too-large',
      fields: [{ path: ['body'] }],
    });
    expect(sent).toBeLessThan(12 * 1024 * 1024);
  });

  it('is for those who reach all clients', async () => {
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [clientId] });
    const bytes = await packTestPlugin({ source: plain });
    await expect(uploadTestPlugin(app, narrow, bytes)).rejects.toMatchObject({ code: 'scope.needs-all-clients' });
  });
});

describe('InstallPlugin', () => {
  it('says in words what is asked, installs what was shown, and pins its publisher', async () => {
    const bytes = await packTestPlugin({ source: plain });
    const uploaded = await uploadTestPlugin(app, scope, bytes);
    const preview = await app.container.resolve(PreviewPlugin).run(scope, { packageId: uploaded.packageId });
    expect(preview).toMatchObject({ digest: uploaded.digest, publisher: { name: 'test', trust: 'new' }, update: null });
    expect(preview.asks.map(({ key }) => key)).toEqual(['host:{config.url}', 'secret:account/key']);
    const install = app.container.resolve(InstallPlugin);
    await expect(install.run(scope, { ...uploaded, digest: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'plugins.other-file',
    });
    const { pluginId } = await install.run(scope, uploaded);
    const plugin = await app.container.resolve(PluginQueries).get(scope, pluginId);
    expect(plugin).toMatchObject({
      name: 'test/acme',
      version: '1.0.0',
      state: 'enabled',
      tier: 'none',
      rowVersion: 1,
    });
    expect(plugin.consentedBy).toBe('Test Technician');
    await expect(install.run(scope, uploaded)).rejects.toMatchObject({ code: 'plugins.already-installed' });
  });

  it('refuses a later version that another key signed', async () => {
    const bytes = await packTestPlugin({ source: plain, version: '1.1.0', key: generatePublisherKey() });
    const uploaded = await uploadTestPlugin(app, scope, bytes);
    const preview = await app.container.resolve(PreviewPlugin).run(scope, { packageId: uploaded.packageId });
    expect(preview.publisher.trust).toBe('changed');
    const { pluginId, rowVersion } = (preview.update ?? {}) as { pluginId?: PluginId; rowVersion?: number };
    if (pluginId === undefined || rowVersion === undefined) throw new Error('it is installed');
    await expect(
      app.container.resolve(InstallPlugin).update(scope, { pluginId, rowVersion, accepts: [], ...uploaded }),
    ).rejects.toMatchObject({ code: 'plugins.publisher-changed' });
    const another = await packTestPlugin({ source: plain, name: 'test/other', key: generatePublisherKey() });
    await expect(installTestPlugin(app, scope, another)).rejects.toMatchObject({ code: 'plugins.publisher-changed' });
  });

  it('asks again where an update asks for more, and goes back to the version before', async () => {
    const bytes = await packTestPlugin({ source: withAction, version: '2.0.0', capabilities: { actions: 'execute' } });
    const uploaded = await uploadTestPlugin(app, scope, bytes);
    const { update } = await app.container.resolve(PreviewPlugin).run(scope, { packageId: uploaded.packageId });
    if (update === null) throw new Error('it is installed');
    const pluginId = update.pluginId as PluginId;
    expect(update.added.map(({ key }) => key)).toContain('actions:execute');
    const install = app.container.resolve(InstallPlugin);
    const input = { pluginId, rowVersion: update.rowVersion, ...uploaded };
    await expect(install.update(scope, { ...input, accepts: [] })).rejects.toMatchObject({
      code: 'plugins.consent-needed',
    });
    const updated = await install.update(scope, { ...input, accepts: update.added.map(({ key }) => key) });
    const queries = app.container.resolve(PluginQueries);
    expect(await queries.get(scope, pluginId)).toMatchObject({ version: '2.0.0', previousVersion: '1.0.0' });
    const change = app.container.resolve(ChangePlugin);
    const back = await change.rollBack(scope, { pluginId, ...updated });
    expect(await queries.get(scope, pluginId)).toMatchObject({ version: '1.0.0', previousVersion: '2.0.0' });
    await expect(change.disable(scope, { pluginId, ...updated })).rejects.toMatchObject({
      code: 'plugins.plugin-changed',
    });
    const off = await change.disable(scope, { pluginId, ...back });
    expect(await queries.get(scope, pluginId)).toMatchObject({ state: 'disabled' });
    await change.enable(scope, { pluginId, ...off });
  });

  it('leaves no row behind when it is purged, and only what it brought when it is not', async () => {
    const [plugin] = await app.container.resolve(PluginQueries).list(scope);
    if (plugin === undefined) throw new Error('it is installed');
    await connectTestPlugin(app, scope, { pluginId: plugin.id as PluginId, vendor, secrets: { key: 'a-secret-key' } });
    expect(await pluginRows()).toMatchObject({ plugin_connection: 1, plugin_connection_secret: 1 });
    const uninstall = (id: string, rowVersion: number, purge: boolean) =>
      app.container.resolve(ChangePlugin).uninstall(scope, { pluginId: id as PluginId, rowVersion, purge });
    await uninstall(plugin.id, plugin.rowVersion, false);
    expect(await pluginRows()).toMatchObject({ plugin: 1, plugin_connection: 1 });
    expect(Object.keys(await pluginRows())).not.toContain('plugin_connection_secret');
    expect(await app.container.resolve(PluginQueries).list(scope)).toEqual([]);
    const again = await installTestPlugin(app, scope, { source: plain });
    const { rowVersion } = await app.container.resolve(PluginQueries).get(scope, again);
    await uninstall(again, rowVersion, true);
    // The file of another plugin, which nobody installed, goes with the next sweep after a week.
    expect(await pluginRows()).toEqual({ plugin_package: 1 });
    app.clock.set(app.clock.now().add({ hours: 8 * 24 }));
    await app.container.resolve(SweepPackages).run(scope);
    expect(await pluginRows()).toEqual({});
  });
});
