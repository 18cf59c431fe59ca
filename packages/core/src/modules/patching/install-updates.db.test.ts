import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MspId } from '#kernel/id';
import { patchingDoor, patchingWorld, report, waiting } from '../../../../../test/support/patch-machines.ts';
import { staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { FinishInstall } from './finish-install.ts';
import { InstallQueries } from './install-queries.ts';

let app: TestApp;
let http: Hono;
beforeAll(async () => {
  app = await startTestApp();
  http = patchingDoor(app);
});
afterAll(() => app[Symbol.asyncDispose]());
const setUp = () => patchingWorld(app, http);

const installs = async (mspId: MspId) =>
  (await app.container.resolve(InstallQueries).list(staffScope(mspId), { limit: 50 })).items;

describe('InstallUpdates', () => {
  it('orders exactly what is approved, and keeps the result of each package', async () => {
    const { mspId, first, machine, idOf, decide, staff, install } = await setUp();
    const a = await machine(first);
    await a.says('updates', report(waiting('curl'), waiting('openssl', true), waiting('zsh')));
    await decide({
      updateIds: [await idOf('curl'), await idOf('openssl')],
      decision: 'approve',
      target: { level: 'msp' },
    });
    const plan = await install.preview(staff, { assetIds: [a.assetId] });
    expect(plan).toMatchObject({
      assetCount: 1,
      clientCount: 1,
      packageCount: 2,
      assets: [{ heldBackCount: 1, isBusy: false }],
    });
    await install.run(staff, {
      assetIds: [a.assetId],
      expectedAssetCount: 1,
      expectedClientCount: 1,
      reason: 'monthly round',
    });
    const [order] = await a.orders();
    expect(order?.payload.packages).toEqual([
      { name: 'curl', version: '2.0' },
      { name: 'openssl', version: '2.0' },
    ]);
    expect((await install.preview(staff, { assetIds: [a.assetId] })).assets[0]).toMatchObject({
      isBusy: true,
      packages: [],
    });
    const at = app.clock.now().toString();
    const packages = [
      { name: 'curl', outcome: 'installed', versionAfter: '2.0' },
      { name: 'openssl', outcome: 'failed', message: 'dpkg returned 1' },
    ];
    await a.says('order-result', {
      orderId: order?.envelope.id,
      at,
      state: 'succeeded',
      startedAt: at,
      exitCode: 0,
      outputBytes: 0,
      isOutputTruncated: false,
      packages,
    });
    const [done] = await installs(mspId);
    expect(done).toMatchObject({ state: 'failed', finishedAt: at });
    expect(done?.packages.map((item) => [item.name, item.outcome])).toEqual([
      ['curl', 'installed'],
      ['openssl', 'failed'],
    ]);
  });

  it('refuses other numbers than were confirmed, and too many at once', async () => {
    const { first, second, machine, idOf, decide, staff, install } = await setUp();
    const machines = [await machine(first), await machine(first), await machine(second)];
    for (const each of machines) await each.says('updates', report(waiting('curl')));
    await decide({ updateIds: [await idOf('curl')], decision: 'approve', target: { level: 'msp' } });
    const input = { assetIds: machines.map((each) => each.assetId), reason: 'round' };
    await expect(install.run(staff, { ...input, expectedAssetCount: 2, expectedClientCount: 2 })).rejects.toMatchObject(
      { code: 'patching.count-mismatch' },
    );
    await expect(install.run(staff, { ...input, expectedAssetCount: 3, expectedClientCount: 1 })).rejects.toMatchObject(
      { code: 'patching.count-mismatch' },
    );
    expect(await machines[0]?.orders()).toEqual([]);
    expect(await install.run(staff, { ...input, expectedAssetCount: 3, expectedClientCount: 2 })).toMatchObject({
      assetCount: 3,
    });
  });

  it('orders nothing at all when one of the machines only observes', async () => {
    const { mspId, first, machine, idOf, decide, staff, install } = await setUp();
    const [willing, observing] = [await machine(first), await machine(first, 'observe')];
    for (const each of [willing, observing]) await each.says('updates', report(waiting('curl')));
    await decide({
      updateIds: [await idOf('curl')],
      decision: 'approve',
      target: { level: 'client', clientId: first },
    });
    const input = {
      assetIds: [willing.assetId, observing.assetId],
      expectedAssetCount: 2,
      expectedClientCount: 1,
      reason: 'round',
    };
    await expect(install.run(staff, input)).rejects.toMatchObject({ code: 'patching.asset-refused' });
    expect(await willing.orders()).toEqual([]);
    expect(await installs(mspId)).toEqual([]);
  });

  it('refuses what nobody approved, what was rejected, and another tenant’s machine', async () => {
    const { first, machine, idOf, decide, staff, install } = await setUp();
    const a = await machine(first);
    await a.says('updates', report(waiting('curl')));
    const input = {
      assetIds: [a.assetId],
      updateIds: [await idOf('curl')],
      expectedAssetCount: 1,
      expectedClientCount: 1,
      reason: 'round',
    };
    await expect(install.run(staff, input)).rejects.toMatchObject({ code: 'patching.nothing-approved' });
    await decide({ updateIds: input.updateIds, decision: 'approve', target: { level: 'asset', assetId: a.assetId } });
    await decide({ updateIds: input.updateIds, decision: 'reject', target: { level: 'msp' }, reason: 'harmful' });
    await expect(install.run(staff, input)).rejects.toMatchObject({ code: 'patching.nothing-approved' });
    const stranger = await setUp();
    await expect(install.run(stranger.staff, input)).rejects.toMatchObject({ code: 'patching.asset-not-found' });
  });

  it('ends an installation of which no result came', async () => {
    const { mspId, first, machine, idOf, decide, staff, install } = await setUp();
    const a = await machine(first);
    await a.says('updates', report(waiting('curl')));
    await decide({ updateIds: [await idOf('curl')], decision: 'approve', target: { level: 'msp' } });
    await install.run(staff, { assetIds: [a.assetId], expectedAssetCount: 1, expectedClientCount: 1, reason: 'round' });
    const finish = app.container.resolve(FinishInstall);
    await finish.endLost(systemScope(mspId));
    expect((await installs(mspId))[0]).toMatchObject({ state: 'queued' });
    app.clock.advance({ hours: 32 });
    await finish.endLost(systemScope(mspId));
    expect((await installs(mspId))[0]).toMatchObject({ state: 'expired', packages: [{ outcome: 'unknown' }] });
  });
});
