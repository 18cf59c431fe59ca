import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { getAgreementInput, listAgreementsInput, type AgreementQueries } from './agreement-queries.ts';
import { createTemplateInput, templateView, type AgreementTemplates } from './agreement-templates.ts';
import { agreementView, agreementWithLinesView } from './agreement-view.ts';
import { activateAgreementInput, endAgreementInput, type ChangeAgreementState } from './change-agreement-state.ts';
import { createAgreementInput, type CreateAgreement } from './create-agreement.ts';
import { updateAgreementInput, type UpdateAgreement } from './update-agreement.ts';

interface Needs {
  readonly agreements: AgreementQueries;
  readonly templates: AgreementTemplates;
  readonly createAgreement: CreateAgreement;
  readonly updateAgreement: UpdateAgreement;
  readonly changeState: ChangeAgreementState;
}

const READ = 'agreements.read-agreements';
const MANAGE = 'agreements.manage-agreements';
const versioned = z.object({ version: z.int() });

/** What the outside may ask of this module. */
export function agreementOperations(needs: Needs) {
  return {
    listAgreements: defineQuery({
      name: 'agreements.list-agreements',
      permission: READ,
      input: listAgreementsInput,
      output: pageOf(agreementView),
      rest: { method: 'GET', path: '/agreements', summary: 'Agreements, the newest start first' },
      run: (scope, input) => needs.agreements.list(scope, input),
    }),
    getAgreement: defineQuery({
      name: 'agreements.get-agreement',
      permission: READ,
      input: getAgreementInput,
      output: agreementWithLinesView,
      rest: { method: 'GET', path: '/agreements/{agreementId}', summary: 'One agreement with its lines' },
      run: (scope, input) => needs.agreements.get(scope, input.agreementId),
    }),
    createAgreement: defineCommand({
      name: 'agreements.create-agreement',
      permission: MANAGE,
      input: createAgreementInput,
      output: z.object({ agreementId: idSchema('agreement') }),
      rest: { method: 'POST', path: '/agreements', summary: 'Draft an agreement' },
      run: (scope, input) => needs.createAgreement.run(scope, input),
    }),
    updateAgreement: defineCommand({
      name: 'agreements.update-agreement',
      permission: MANAGE,
      input: updateAgreementInput,
      output: versioned,
      rest: { method: 'PATCH', path: '/agreements/{agreementId}', summary: 'Change a draft' },
      run: (scope, input) => needs.updateAgreement.run(scope, input),
    }),
    activateAgreement: defineCommand({
      name: 'agreements.activate-agreement',
      permission: MANAGE,
      input: activateAgreementInput,
      output: versioned,
      rest: { method: 'POST', path: '/agreements/{agreementId}/activate', summary: 'Put a draft into force' },
      run: (scope, input) => needs.changeState.activate(scope, input),
    }),
    endAgreement: defineCommand({
      name: 'agreements.end-agreement',
      permission: MANAGE,
      input: endAgreementInput,
      output: versioned,
      rest: { method: 'POST', path: '/agreements/{agreementId}/end', summary: 'Set the last day of an agreement' },
      run: (scope, input) => needs.changeState.end(scope, input),
    }),
    listTemplates: defineQuery({
      name: 'agreements.list-templates',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(templateView) }),
      rest: { method: 'GET', path: '/agreement-templates', summary: 'Templates of agreements, by name' },
      run: async (scope) => ({ items: await needs.templates.list(scope) }),
    }),
    createTemplate: defineCommand({
      name: 'agreements.create-template',
      permission: MANAGE,
      input: createTemplateInput,
      output: z.object({ templateId: idSchema('agreement-template') }),
      rest: { method: 'POST', path: '/agreement-templates', summary: 'Make a template' },
      run: (scope, input) => needs.templates.create(scope, input),
    }),
  };
}
