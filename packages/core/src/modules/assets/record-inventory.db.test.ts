import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#kernel/id';
import {
  buildMsp,
  contactScope,
  staffScope,
  systemScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { ArchiveAsset } from './archive-asset.ts';
import { AssetDetailQueries } from './asset-detail-queries.ts';
import { AssetQueries } from './asset-queries.ts';
import type { MachineInventory } from './machine-inventory.ts';
import { MarkSeen } from './mark-seen.ts';
import { RecordInventory } from './record-inventory.ts';
import { UpdateAsset } from './update-asset.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

function machine(overrides: Partial<MachineInventory> = {}): MachineInventory {
  return {
    hostname: 'db-01',
    hardware: {
      vendor: 'Dell Inc.',
      model: 'PowerEdge R650',
      serialNumber: 'ABC1234',
      smbiosUuid: '4c4c4544-0042-3510-8050-b4c04f4d4632',
      memoryBytes: 64 * 1024 ** 3,
    },
    operatingSystem: {
      family: 'linux',
      name: 'Debian GNU/Linux 13 (trixie)',
      version: '13.1',
      machineId: 'a'.repeat(32),
      bootedAt: '2026-11-19T08:00:00Z',
    },
    disks: [{ name: 'sda', sizeBytes: 480 * 10 ** 9, kind: 'ssd' }],
    networkInterfaces: [{ name: 'eno1', macAddress: '3c:52:82:01:02:03', isUp: true, addresses: ['10.1.2.3/24'] }],
    ...overrides,
  };
}

async function setUp() {
  const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
  const [clientId, otherClientId] = clientIds;
  if (clientId === undefined || otherClientId === undefined) throw new Error('two clients were made');
  const scope = systemScope(mspId);
  const record = app.container.resolve(RecordInventory);
  const report = (inventory: MachineInventory, evidence = {}, source = 'agent', client = clientId) =>
    record.run(scope, { clientId: client, source, evidence, inventory, observedAt: app.clock.now() });
  const get = (assetId: string) => app.container.resolve(AssetDetailQueries).get(staffScope(mspId), assetId as never);
  return { mspId, clientId, otherClientId, scope, record, report, get };
}

/** The asset that a report ended at; these tests want one. */
function assetOf<Result extends { assetId: unknown }>(result: Result): NonNullable<Result['assetId']> {
  if (result.assetId === null || result.assetId === undefined) throw new Error('the report has an asset');
  return result.assetId;
}

describe('RecordInventory', () => {
  it('makes an asset of the first report and knows the machine again by its board, its name notwithstanding', async () => {
    const { report, get } = await setUp();
    const first = await report(machine());
    expect(first.outcome).toBe('made');
    const again = await report(machine({ hostname: 'db-renamed' }));
    expect(again).toEqual({ outcome: 'matched', assetId: first.assetId });
    const asset = await get(assetOf(first));
    expect(asset).toMatchObject({
      name: 'db-renamed',
      kind: 'server',
      operatingSystem: 'Debian GNU/Linux 13 (trixie)',
      model: 'Dell Inc. PowerEdge R650',
      primaryAddress: '10.1.2.3',
    });
    expect(asset.facts.find((fact) => fact.field === 'memoryBytes')).toMatchObject({
      value: 64 * 1024 ** 3,
      source: 'agent',
      observedAt: '2026-11-20T09:00:00Z',
    });
    expect(asset.disks).toEqual([{ name: 'sda', sizeBytes: 480 * 10 ** 9, model: '', serialNumber: '', kind: 'ssd' }]);
  });

  it('keeps the machines of two clients apart, whatever their evidence', async () => {
    const { report, otherClientId } = await setUp();
    const ours = await report(machine());
    const theirs = await report(machine(), {}, 'agent', otherClientId);
    expect(theirs.outcome).toBe('made');
    expect(theirs.assetId).not.toBe(ours.assetId);
  });

  it('makes one asset of two reports that come at once', async () => {
    const { report } = await setUp();
    const results = await Promise.all([1, 2, 3, 4].map(() => report(machine())));
    expect(new Set(results.map((result) => result.assetId)).size).toBe(1);
    expect(results.filter((result) => result.outcome === 'made')).toHaveLength(1);
  });

  it('queues what several assets fit and guesses none, once for all reports of it', async () => {
    const { report, record, scope, clientId, mspId } = await setUp();
    const bare = { hardware: {}, operatingSystem: {}, disks: [] };
    const card = (name: string) =>
      machine({
        ...bare,
        hostname: name,
        networkInterfaces: [{ name: 'eth0', macAddress: '3c:52:82:aa:bb:cc', isUp: true, addresses: [] }],
      });
    const a = await report(card('a'), { sourceKey: 'one' });
    const b = await record.identify(scope, {
      clientId,
      source: 'agent',
      name: 'b',
      evidence: { sourceKey: 'two', serialNumber: 'SN-B' },
    });
    await record.run(scope, {
      assetId: assetOf(b),
      source: 'agent',
      inventory: card('b'),
      observedAt: app.clock.now(),
    });
    const unclear = await report(card('c'));
    expect(unclear).toMatchObject({ outcome: 'ambiguous', assetId: null });
    const repeated = await report(card('c'));
    expect(repeated).toEqual(unclear);
    const forced = await record.run(scope, {
      clientId,
      source: 'agent',
      evidence: {},
      inventory: card('c'),
      observedAt: app.clock.now(),
      ifAmbiguous: 'make',
    });
    expect([a.assetId, b.assetId]).not.toContain(assetOf(forced));
    expect((await app.container.resolve(AssetQueries).count(staffScope(mspId), { states: ['active'] })).total).toBe(3);
  });

  it('changes nothing by a report that is older than what is known', async () => {
    const { report, record, scope, get } = await setUp();
    const assetId = assetOf(await report(machine()));
    const earlier = app.clock.now().subtract({ hours: 5 });
    await record.run(scope, {
      assetId,
      source: 'agent',
      observedAt: earlier,
      inventory: machine({ hostname: 'before', disks: [] }),
    });
    const asset = await get(assetId);
    expect(asset.name).toBe('db-01');
    expect(asset.disks).toHaveLength(1);
  });

  it('takes no time to come from a machine whose clock runs ahead', async () => {
    const { record, scope, report, get } = await setUp();
    const assetId = assetOf(await report(machine()));
    await record.run(scope, {
      assetId,
      source: 'agent',
      observedAt: app.clock.now().add({ hours: 900 }),
      inventory: machine({ hostname: 'ahead' }),
    });
    await report(machine({ hostname: 'right' }));
    expect((await get(assetId)).name).toBe('right');
  });

  it('writes history of what changed, and none of the first report', async () => {
    const { mspId, report } = await setUp();
    const assetId = assetOf(await report(machine()));
    await report(
      machine({
        disks: [
          { name: 'sda', sizeBytes: 480 * 10 ** 9, kind: 'ssd' },
          { name: 'sdb', sizeBytes: 10 ** 12, kind: 'hdd' },
        ],
        operatingSystem: { ...machine().operatingSystem, version: '13.2', bootedAt: '2026-11-20T08:00:00Z' },
      }),
    );
    const changes = await app.container.resolve(AssetDetailQueries).changes(staffScope(mspId), { assetId, limit: 50 });
    expect(Object.fromEntries(changes.items.map((change) => [change.field, change.before]))).toEqual({
      'disk.sdb': null,
      osVersion: '13.1',
    });
  });

  it('keeps what a person typed until the person lets go of it', async () => {
    const { mspId, report, get } = await setUp();
    const assetId = assetOf(await report(machine()));
    const update = app.container.resolve(UpdateAsset);
    const { version } = await update.run(staffScope(mspId), {
      assetId,
      version: (await get(assetId)).version,
      name: 'Payroll database',
      facts: { model: 'R650 (refurbished)' },
    });
    await report(machine({ hostname: 'db-77' }));
    const locked = await get(assetId);
    expect(locked).toMatchObject({
      name: 'Payroll database',
      model: 'Dell Inc. R650 (refurbished)',
      hostname: 'db-77',
    });
    expect(locked.facts.find((fact) => fact.field === 'name')).toMatchObject({
      isLocked: true,
      lockedBy: 'Test Technician',
      others: [{ source: 'agent', value: 'db-77' }],
    });
    expect(locked.version).toBe(version + 1);
    await update.run(staffScope(mspId), { assetId, version: locked.version, name: null, facts: { model: null } });
    expect(await get(assetId)).toMatchObject({ name: 'db-77', model: 'Dell Inc. PowerEdge R650' });
    await expect(update.run(staffScope(mspId), { assetId, version, name: 'Late', facts: {} })).rejects.toMatchObject({
      code: 'assets.asset-changed',
    });
  });

  it('refuses another tenant’s client and asset with the same words as an absent one', async () => {
    const { report, record } = await setUp();
    const assetId = assetOf(await report(machine()));
    const stranger = await setUp();
    const strange = { source: 'agent', inventory: machine(), observedAt: app.clock.now() };
    await expect(record.run(stranger.scope, { ...strange, assetId })).rejects.toMatchObject({
      code: 'assets.asset-not-found',
    });
    await expect(record.run(stranger.scope, { ...strange, assetId: newId<'asset'>() })).rejects.toMatchObject({
      code: 'assets.asset-not-found',
    });
    const { clientId } = await setUp();
    await expect(record.run(stranger.scope, { ...strange, clientId, evidence: {} })).rejects.toMatchObject({
      code: 'assets.client-not-found',
    });
    await expect(
      record.run(staffScope(stranger.mspId, { kind: 'only', clientIds: [stranger.otherClientId] }), {
        ...strange,
        clientId: stranger.clientId,
        evidence: {},
      }),
    ).rejects.toMatchObject({ code: 'assets.client-not-found' });
  });
});

describe('MarkSeen', () => {
  it('turns a machine online, and it goes offline by time alone', async () => {
    const { mspId, report, get, scope } = await setUp();
    const assetId = assetOf(await report(machine()));
    expect(await get(assetId)).toMatchObject({ isOnline: false, lastSeenAt: null });
    await app.container.resolve(MarkSeen).run(scope, assetId);
    expect(await get(assetId)).toMatchObject({ isOnline: true, lastSeenAt: app.clock.now().toString() });
    app.clock.advance({ minutes: 5 });
    expect((await get(assetId)).isOnline).toBe(false);
    expect(
      (await app.container.resolve(AssetQueries).count(staffScope(mspId), { states: ['active'], presence: 'offline' }))
        .total,
    ).toBe(1);
  });
});

describe('ArchiveAsset', () => {
  it('takes an asset out of lists, for contacts too, and brings it back', async () => {
    const { mspId, clientId, report, get } = await setUp();
    const assetId = assetOf(await report(machine()));
    const archive = app.container.resolve(ArchiveAsset);
    const list = async (scope: ReturnType<typeof staffScope>) =>
      (
        await app.container.resolve(AssetQueries).list(scope, { limit: 10, states: ['active'], sort: 'name' })
      ).items.map((item) => item.id);
    expect(await list(contactScope(mspId, clientId))).toEqual([assetId]);
    const { version } = await archive.run(staffScope(mspId), {
      assetId,
      version: (await get(assetId)).version,
      isArchived: true,
    });
    expect(await list(staffScope(mspId))).toEqual([]);
    await archive.run(staffScope(mspId), { assetId, version, isArchived: false });
    expect(await list(staffScope(mspId))).toEqual([assetId]);
  });

  it('shows contacts the asset but not what is known inside', async () => {
    const { mspId, clientId, report } = await setUp();
    const assetId = assetOf(await report(machine()));
    const seen = await app.container.resolve(AssetDetailQueries).get(contactScope(mspId, clientId), assetId);
    expect(seen).toMatchObject({ name: 'db-01', facts: [], evidence: [], disks: [], networkInterfaces: [] });
  });
});
