import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#kernel/id';
import { patchingDoor, patchingWorld, report, waiting } from '../../../../../test/support/patch-machines.ts';
import { contactScope, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { decideUpdatesInput } from './decide-updates.ts';
import { PatchQueries } from './patch-queries.ts';

let app: TestApp;
let http: Hono;
beforeAll(async () => {
  app = await startTestApp();
  http = patchingDoor(app);
});
afterAll(() => app[Symbol.asyncDispose]());
const setUp = () => patchingWorld(app, http);

describe('RecordUpdates', () => {
  it('lists what waits over all clients, security first, and forgets what no machine waits for', async () => {
    const { first, second, machine, pending } = await setUp();
    const [a, b] = [await machine(first), await machine(second)];
    await a.says('updates', report(waiting('curl'), waiting('openssl', true), waiting('curl')));
    await b.says('updates', report(waiting('curl'), waiting('zsh')));
    expect(
      (await pending()).map((update) => [update.name, update.isSecurity, update.assetCount, update.clientCount]),
    ).toEqual([
      ['openssl', true, 1, 1],
      ['curl', false, 2, 2],
      ['zsh', false, 1, 1],
    ]);
    await b.says('updates', report());
    expect((await pending()).map((update) => update.name)).toEqual(['openssl', 'curl']);
  });

  it('takes a check that failed for "unknown", not for "none"', async () => {
    const { first, machine, pending, staff } = await setUp();
    const a = await machine(first);
    await a.says('updates', report(waiting('curl')));
    await a.says('updates', { ...report(), error: 'Could not get lock' });
    expect(await pending()).toHaveLength(1);
    const { status } = await app.container.resolve(PatchQueries).ofAsset(staff, a.assetId);
    expect(status).toMatchObject({ error: 'Could not get lock', pendingCount: 1 });
  });

  it('shows staff of one client only that client’s machines and counts', async () => {
    const { mspId, first, second, machine, pending } = await setUp();
    await (await machine(first)).says('updates', report(waiting('curl'), waiting('secret-tool')));
    await (await machine(second)).says('updates', report(waiting('curl')));
    const narrow = await pending(staffScope(mspId, { kind: 'only', clientIds: [second] }));
    expect(narrow.map((update) => [update.name, update.assetCount])).toEqual([['curl', 1]]);
    const portal = await app.container
      .resolve(PatchQueries)
      .statuses(contactScope(mspId, second), { limit: 10, isWaitingOnly: false });
    expect(portal.items.map((status) => status.clientId)).toEqual([second]);
  });
});

describe('DecideUpdates', () => {
  it('lets the more specific decide, and a rejection win over it for who sees one client too', async () => {
    const { mspId, first, machine, idOf, decide, staff } = await setUp();
    const a = await machine(first);
    await a.says('updates', report(waiting('curl')));
    const updateIds = [await idOf('curl')];
    const held = async (scope = staff) =>
      (await app.container.resolve(PatchQueries).ofAsset(scope, a.assetId)).updates.map(
        (update) => `${update.decision} ${update.level}`,
      );
    expect(await held()).toEqual(['undecided automatic']);
    await decide({ updateIds, decision: 'defer', target: { level: 'client', clientId: first } });
    await decide({ updateIds, decision: 'approve', target: { level: 'asset', assetId: a.assetId } });
    expect(await held()).toEqual(['approve asset']);
    await decide({ updateIds, decision: 'reject', target: { level: 'msp' }, reason: 'breaks TLS' });
    expect(await held(staffScope(mspId, { kind: 'only', clientIds: [first] }))).toEqual(['reject msp']);
    await decide({ updateIds, decision: 'none', target: { level: 'msp' } });
    expect(await held()).toEqual(['approve asset']);
  });

  it('refuses what has no reason, is over already, or is not theirs to decide', async () => {
    const { mspId, first, second, machine, idOf, decide } = await setUp();
    const a = await machine(first);
    await a.says('updates', report(waiting('curl')));
    const updateIds = [await idOf('curl')];
    const target = { level: 'msp' };
    await expect(decide({ updateIds, decision: 'reject', target })).rejects.toMatchObject({
      code: 'patching.reason-needed',
      fields: [{ path: ['reason'] }],
    });
    await expect(
      decide({ updateIds, decision: 'approve', target, expiresAt: '2020-01-01T00:00:00Z' }),
    ).rejects.toMatchObject({ code: 'patching.expires-in-the-past' });
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [second] });
    await expect(decide({ updateIds, decision: 'approve', target }, narrow)).rejects.toMatchObject({
      code: 'patching.needs-all-clients',
    });
    await expect(
      decide({ updateIds, decision: 'approve', target: { level: 'asset', assetId: a.assetId } }, narrow),
    ).rejects.toMatchObject({ code: 'patching.asset-not-found' });
    await expect(decide({ updateIds: [newId()], decision: 'approve', target })).rejects.toMatchObject({
      code: 'patching.update-not-found',
    });
    const stranger = await setUp();
    await expect(stranger.decide({ updateIds, decision: 'approve', target })).rejects.toMatchObject({
      code: 'patching.update-not-found',
    });
    for (const reason of ['a\0b', '\u{D800}'])
      expect(
        decideUpdatesInput.safeParse({ updateIds, decision: 'reject', target, reason }).error?.issues[0]?.path,
      ).toEqual(['reason']);
  });
});
