import { MakeDefaultSla } from '../../packages/core/src/modules/sla/make-default-sla.ts';
import { SlaChoices } from '../../packages/core/src/modules/sla/sla-choices.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A calendar, a policy, the choice of it for every ticket and for the first client’s: before tickets, so that these have clocks. */
export async function addSla(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const { policyId } = await app.container.resolve(MakeDefaultSla).run(scope, { zone: 'Europe/London' });
  await app.container.resolve(SlaChoices).set(scope, { clientId: world.first, ticketType: null, policyId });
}
