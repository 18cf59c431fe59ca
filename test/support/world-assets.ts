import { CreateAsset } from '../../packages/core/src/modules/assets/create-asset.ts';
import type { AssetId } from '../../packages/core/src/modules/assets/asset-table.ts';
import { RecordSoftware } from '../../packages/core/src/modules/assets/record-software.ts';
import { RecordUpdates } from '../../packages/core/src/modules/patching/record-updates.ts';
import { systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A machine of the first client, with software and an update that it waits for. */
export async function addAsset(app: TestApp, world: World): Promise<AssetId> {
  const scope = systemScope(world.mspId);
  const clientId = world.first;
  const observedAt = app.clock.now();
  const { assetId } = await app.container
    .resolve(CreateAsset)
    .run(scope, { clientId, name: 'srv-01', kind: 'server', facts: {} });
  const software = { isComplete: true, packages: [{ name: 'sample', version: '1.5', manager: 'deb' }] };
  await app.container.resolve(RecordSoftware).run(scope, { assetId, source: 'agent', software, observedAt });
  const update = { name: 'sample', candidateVersion: '1.6', isSecurity: true };
  await app.container.resolve(RecordUpdates).run(scope, {
    assetId,
    clientId,
    observedAt,
    updates: {
      manager: 'apt',
      checkedAt: observedAt.toString(),
      updates: [update],
      isRebootRequired: false,
      rebootReasons: [],
    },
  });
  return assetId;
}
