import {
  AgreementTemplates,
  createTemplateInput,
} from '../../packages/core/src/modules/agreements/agreement-templates.ts';
import { ChangeAgreementState } from '../../packages/core/src/modules/agreements/change-agreement-state.ts';
import { CreateAgreement } from '../../packages/core/src/modules/agreements/create-agreement.ts';
import { DraftInvoice } from '../../packages/core/src/modules/billing/draft-invoice.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** An agreement in force and the draft of its oldest invoice. */
export async function addInvoice(app: TestApp, world: World): Promise<void> {
  const { container } = app;
  const scope = staffScope(world.mspId);
  const lines = [{ kind: 'flat', description: 'Care', unitPriceMinor: 50_000 }];
  const template = createTemplateInput.parse({ name: 'Flat care', currency: 'GBP', lines });
  const { templateId } = await container.resolve(AgreementTemplates).create(scope, template);
  const { agreementId } = await container
    .resolve(CreateAgreement)
    .run(scope, { clientId: world.first, name: 'Flat care', reference: '', startsOn: '2026-09-01', templateId });
  await container.resolve(ChangeAgreementState).activate(scope, { agreementId, version: 1 });
  await container.resolve(DraftInvoice).run(scope, { agreementId });
}
