import { randomBytes } from 'node:crypto';
import { generateSigningKey, signEnrolment } from '@bailiwick/agent-protocol';
import { makeAgentScope } from '../../packages/core/src/entry/agent/agent-scope.ts';
import type { AssetId } from '../../packages/core/src/modules/assets/index.ts';
import { CreateEnrolmentToken, EnrolAgent, QueueOrder } from '../../packages/core/src/modules/endpoints/index.ts';
import { DecideUpdates, InstallUpdates, RecordUpdates } from '../../packages/core/src/modules/patching/index.ts';
import { PatchQueries } from '../../packages/core/src/modules/patching/patch-queries.ts';
import type { PatchUpdateId } from '../../packages/core/src/modules/patching/patch-table.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** An agent of the client with an order that waits for it. */
export async function addEndpoints(app: TestApp, world: World): Promise<void> {
  const owner = { mspId: world.mspId, clientId: world.first };
  const staff = staffScope(owner.mspId);
  const { token, tokenId } = await app.container
    .resolve(CreateEnrolmentToken)
    .run(staff, { clientId: owner.clientId, label: 'world', maxUses: 5, expiresInHours: 24 });
  const { key } = await generateSigningKey();
  const request = await signEnrolment(key, {
    protocolVersions: [1],
    token,
    hostname: 'world-01',
    platform: 'linux',
    agentVersion: '0.1.0',
    evidence: { machineId: randomBytes(16).toString('hex'), macAddresses: [] },
    orderPolicy: 'allow',
    nonce: randomBytes(16).toString('base64url'),
    timestamp: app.clock.now().toString({ fractionalSecondDigits: 3 }),
  });
  const scope = makeAgentScope({ ...owner, subjectId: tokenId }, '127.0.0.1');
  const { assetId } = await app.container.resolve(EnrolAgent).run(scope, tokenId, request);
  await app.container
    .resolve(QueueOrder)
    .run(staff, { assetId: assetId as AssetId, kind: 'refresh-inventory', payload: {}, reason: 'world' });
  await installUpdate(app, world, assetId as AssetId);
}

/** An update of the agent's machine, approved and ordered. */
async function installUpdate(app: TestApp, world: World, assetId: AssetId): Promise<void> {
  const staff = staffScope(world.mspId);
  const observedAt = app.clock.now();
  const updates = [{ name: 'openssl', currentVersion: '3.0.1', candidateVersion: '3.0.2', isSecurity: true }];
  const report = {
    manager: 'apt' as const,
    checkedAt: observedAt.toString(),
    updates,
    isRebootRequired: false,
    rebootReasons: [],
  };
  const { container } = app;
  await container.resolve(RecordUpdates).run(staff, { assetId, clientId: world.first, observedAt, updates: report });
  const { updates: pending } = await container.resolve(PatchQueries).ofAsset(staff, assetId);
  const updateIds = pending.map((update) => update.updateId as PatchUpdateId);
  await container
    .resolve(DecideUpdates)
    .run(staff, { updateIds, decision: 'approve', target: { level: 'asset', assetId } });
  await container
    .resolve(InstallUpdates)
    .run(staff, { assetIds: [assetId], expectedAssetCount: 1, expectedClientCount: 1, reason: 'world' });
}
