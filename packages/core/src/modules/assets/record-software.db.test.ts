import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { exportAssets } from './asset-export.ts';
import { AssetDetailQueries } from './asset-detail-queries.ts';
import { AssetQueries } from './asset-queries.ts';
import { CreateAsset, createAssetInput } from './create-asset.ts';
import type { MachineSoftware } from './machine-inventory.ts';
import { RecordServices } from './record-services.ts';
import { RecordSoftware } from './record-software.ts';
import { SoftwareQueries } from './software-queries.ts';

let app: TestApp;
let admin: pg.Client;
beforeAll(async () => {
  app = await startTestApp();
  admin = new pg.Client({ connectionString: app.database.superuserUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await app[Symbol.asyncDispose]();
});

const deb = (name: string, version: string, more: object = {}) => ({
  name,
  version,
  architecture: 'amd64',
  manager: 'deb',
  ...more,
});
const list = (...packages: MachineSoftware['packages']): MachineSoftware => ({ isComplete: true, packages });

async function setUp() {
  const { mspId, clientIds } = await buildMsp(app);
  const [clientId] = clientIds;
  if (clientId === undefined) throw new Error('one client was made');
  const scope = systemScope(mspId);
  const make = async (name: string) =>
    (await app.container.resolve(CreateAsset).run(scope, { clientId, name, kind: 'server', facts: {} })).assetId;
  const assetId = await make('web-01');
  const report = (software: MachineSoftware, to = assetId) =>
    app.container
      .resolve(RecordSoftware)
      .run(scope, { assetId: to, source: 'agent', software, observedAt: app.clock.now() });
  const softwareOf = async (isIncludingRemoved = false) =>
    (
      await app.container
        .resolve(SoftwareQueries)
        .ofAsset(staffScope(mspId), { assetId, limit: 100, isIncludingRemoved })
    ).items;
  return { mspId, clientId, scope, assetId, make, report, softwareOf };
}

describe('RecordSoftware', () => {
  it('dates what came and what went, and lets a version come back', async () => {
    const { report, softwareOf } = await setUp();
    const first = app.clock.now().toString();
    await report(list(deb('nginx', '1.26'), deb('curl', '8.1')));
    app.clock.advance({ hours: 1 });
    const second = app.clock.now().toString();
    await report(list(deb('nginx', '1.26'), deb('curl', '8.1'), deb('git', '2.47')));
    app.clock.advance({ hours: 1 });
    expect(await report(list(deb('nginx', '1.28')))).toEqual({ addedCount: 1, removedCount: 3 });
    const all = await softwareOf(true);
    expect(all.find((item) => item.name === 'curl')).toMatchObject({
      isInstalled: false,
      firstSeenAt: first,
      lastSeenAt: second,
    });
    expect(all.find((item) => item.version === '1.28')).toMatchObject({
      isInstalled: true,
      firstSeenAt: app.clock.now().toString(),
    });
    await report(list(deb('nginx', '1.28'), deb('curl', '8.1')));
    expect((await softwareOf()).map((item) => item.name)).toEqual(['curl', 'nginx']);
  });

  it('writes and locks no row of what stays', async () => {
    const { assetId, report } = await setUp();
    const versions = async () =>
      (
        await admin.query(
          'select name, ctid, xmin::text, xmax::text from asset_software where asset_id = $1 order by name',
          [assetId],
        )
      ).rows;
    await report(list(deb('nginx', '1.26'), deb('curl', '8.1')));
    const before = await versions();
    app.clock.advance({ hours: 1 });
    await report(list(deb('nginx', '1.26'), deb('curl', '8.1')));
    await report(list(deb('curl', '8.1'), deb('nginx', '1.26')));
    await report(list(deb('curl', '8.1'), deb('nginx', '1.26'), deb('zsh', '5')));
    expect((await versions()).filter((row) => row.name !== 'zsh')).toEqual(before);
  });

  it('takes nothing away by a list that was cut, and nothing by an older one', async () => {
    const { scope, assetId, report, softwareOf } = await setUp();
    await report(list(deb('nginx', '1.26'), deb('curl', '8.1')));
    app.clock.advance({ hours: 1 });
    await report({ isComplete: false, packages: [deb('nginx', '1.26')] });
    expect(await softwareOf()).toHaveLength(2);
    await app.container
      .resolve(RecordSoftware)
      .run(scope, { assetId, source: 'agent', software: list(), observedAt: app.clock.now().subtract({ hours: 9 }) });
    expect(await softwareOf()).toHaveLength(2);
  });

  it('takes a list with the same package twice', async () => {
    const { report, softwareOf } = await setUp();
    await report(list(deb('nginx', '1.26'), deb('nginx', '1.26'), deb('nginx', '1.26', { architecture: 'arm64' })));
    expect(await softwareOf()).toHaveLength(2);
  });

  it('refuses another tenant’s asset', async () => {
    const { report } = await setUp();
    const stranger = await setUp();
    await expect(report(list(), stranger.assetId)).rejects.toMatchObject({ code: 'assets.asset-not-found' });
  });
});

describe('SoftwareQueries', () => {
  it('counts names, versions and machines over the clients of the scope', async () => {
    const { mspId, make, report } = await setUp();
    const second = await make('web-02');
    await report(list(deb('openssl', '3.0'), deb('curl', '8.1')));
    await report(list(deb('openssl', '3.1')), second);
    const software = app.container.resolve(SoftwareQueries);
    const scope = staffScope(mspId);
    expect((await software.titles(scope, { limit: 10, namePrefix: 'open' })).items).toEqual([
      { name: 'openssl', assetCount: 2, clientCount: 1, versionCount: 2 },
    ]);
    expect(
      (await software.versions(scope, { name: 'openssl' })).items.map((item) => [item.version, item.assetCount]),
    ).toEqual([
      ['3.0', 1],
      ['3.1', 1],
    ]);
    expect(
      (await software.holders(scope, { name: 'openssl', version: '3.1', limit: 10 })).items.map(
        (item) => item.assetName,
      ),
    ).toEqual(['web-02']);
    expect((await software.titles(staffScope(mspId, { kind: 'only', clientIds: [] }), { limit: 10 })).items).toEqual(
      [],
    );
  });
});

describe('RecordServices', () => {
  it('keeps the state of each service and drops those that are gone', async () => {
    const { mspId, scope, assetId } = await setUp();
    const record = (...states: [string, 'running' | 'failed'][]) =>
      app.container.resolve(RecordServices).run(scope, {
        assetId,
        source: 'agent',
        observedAt: app.clock.now(),
        services: { services: states.map(([name, state]) => ({ name, state, startMode: 'automatic' as const })) },
      });
    const services = async () =>
      (await app.container.resolve(AssetDetailQueries).services(staffScope(mspId), { assetId })).items.map((item) => [
        item.name,
        item.state,
        item.changedAt,
      ]);
    const first = app.clock.now().toString();
    await record(['cron', 'running'], ['nginx', 'running']);
    app.clock.advance({ minutes: 10 });
    await record(['cron', 'running'], ['nginx', 'failed']);
    expect(await services()).toEqual([
      ['cron', 'running', first],
      ['nginx', 'failed', app.clock.now().toString()],
    ]);
    await record(['cron', 'running']);
    expect(await services()).toHaveLength(1);
  });
});

describe('the export', () => {
  it('runs no formula in a spreadsheet, and quotes what would break the line', async () => {
    const { mspId, clientId, make } = await setUp();
    for (const name of ['=cmd|"/c calc"!A1', '+1', '-1', '@SUM(A1)', 'plain, with "quotes"']) await make(name);
    const body = exportAssets(app.container.resolve(AssetQueries), staffScope(mspId), { states: ['active'] }).body;
    const csv = await new Response(body as ReadableStream<Uint8Array>).text();
    const lines = csv.split('\r\n').map((row) => row.slice(0, row.indexOf(',server')));
    expect(lines.slice(1, -1).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      `"'=cmd|""/c calc""!A1"`,
      '"plain, with ""quotes"""',
      "'+1",
      "'-1",
      "'@SUM(A1)",
      'web-01',
    ]);
    const portal = await new Response(
      exportAssets(app.container.resolve(AssetQueries), contactScope(mspId, clientId), { states: ['active'] })
        .body as ReadableStream<Uint8Array>,
    ).text();
    expect(portal.split('\r\n')).toHaveLength(8);
  });
});

describe('createAssetInput', () => {
  it('names the field that cannot be stored', async () => {
    const { clientId } = await setUp();
    const refused = (fields: object) =>
      createAssetInput
        .safeParse({ clientId, name: 'x', kind: 'server', ...fields })
        .error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)[0];
    expect(refused({ name: 'a\0' })).toBe('name must not contain a NUL character');
    expect(refused({ facts: { notes: '\u{DC00}' } })).toBe('facts.notes must not contain an unpaired surrogate');
    expect(refused({ facts: { isAdmin: true } })).toContain('isAdmin');
    expect(refused({ kind: 'toaster' })).toContain('kind');
  });

  it('refuses a site of another client', async () => {
    const { scope, clientId } = await setUp();
    const other = await buildMsp(app);
    const siteId = '0199a000-0000-7000-8000-000000000001';
    await admin.query(
      `insert into site (msp_id, id, client_id, name, time_zone, created_at) values ($1, $2, $3, 'HQ', 'Europe/London', now())`,
      [other.mspId, siteId, other.internalClientId],
    );
    await expect(
      app.container
        .resolve(CreateAsset)
        .run(scope, { clientId, siteId: siteId as never, name: 'x', kind: 'server', facts: {} }),
    ).rejects.toMatchObject({ code: 'assets.client-not-found' });
  });
});
