import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import type { RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { PlanAction } from '../../packages/core/src/modules/plugin-actions/plan-action.ts';
import { SetSwitches } from '../../packages/core/src/modules/plugin-scopes/set-switches.ts';
import { DeliverBatch } from '../../packages/core/src/modules/plugin-sync/deliver-batch.ts';
import { StartStreams } from '../../packages/core/src/modules/plugin-sync/start-streams.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A record that the vendor delivered for the first client, and an action planned on it. */
export async function addPluginRecord(
  app: TestApp,
  world: World,
  from: { readonly connectionId: ConnectionId; readonly scopeId: RemoteScopeId },
): Promise<void> {
  const job = systemScope(world.mspId);
  await app.container.resolve(StartStreams).nudge(job, { connectionId: from.connectionId });
  const { added, refused } = await app.container.resolve(DeliverBatch).run(job, {
    connectionId: from.connectionId,
    remoteScopeId: from.scopeId,
    stream: 'people',
    batch: {
      upserts: [
        { id: 'first-person', data: { name: 'First Person', loginName: 'first@first.example', isEnabled: true } },
      ],
    },
  });
  if (added !== 1) throw new Error(`the record was refused: ${JSON.stringify(refused)}`);
  await app.container
    .resolve(SetSwitches)
    .run(staffScope(world.mspId), { scopeIds: [from.scopeId], actionsEnabled: true });
  await app.container
    .resolve(PlanAction)
    .run(staffScope(world.mspId), { ...from, action: 'lock', input: { target: 'first-person' } });
}
