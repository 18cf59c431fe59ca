import { RaiseAlert } from '../../packages/core/src/modules/alerts/index.ts';
import { systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** An open alert of the first client. */
export async function addAlert(app: TestApp, world: World): Promise<void> {
  await app.container.resolve(RaiseAlert).run(systemScope(world.mspId), {
    clientId: world.first,
    assetId: null,
    checkId: null,
    source: 'monitoring',
    fingerprint: 'world-alert',
    title: 'Disk full',
    message: 'The disk is full.',
    series: '',
    severity: 'critical',
    value: null,
    threshold: null,
    at: app.clock.now(),
  });
}
