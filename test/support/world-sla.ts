import { MakeDefaultSla } from '../../packages/core/src/modules/sla/make-default-sla.ts';
import { SlaChoices } from '../../packages/core/src/modules/sla/sla-choices.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import type { AgreementTables } from '../../packages/core/src/modules/agreements/index.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A calendar, a policy, the choice of it for every ticket and for the first client’s: before tickets, so that these have clocks. */
export async function addSla(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const { policyId } = await app.container.resolve(MakeDefaultSla).run(scope, { zone: 'Europe/London' });
  await app.container.resolve(SlaChoices).set(scope, { clientId: world.first, ticketType: null, policyId });
}

/** The choice of “no SLA” under the first client’s agreement, which is made with its tickets. */
export async function addAgreementChoice(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const agreement = await app.container
    .resolve(ScopedDb)
    .typed<AgreementTables>()
    .readFirst(scope, (query) => query.selectFrom('agreement').select('id').where('client_id', '=', world.first));
  if (agreement === undefined) throw new Error('an agreement was made');
  const choice = { clientId: world.first, agreementId: agreement.id, ticketType: 'task', policyId: 'none' as const };
  await app.container.resolve(SlaChoices).set(scope, choice);
}
