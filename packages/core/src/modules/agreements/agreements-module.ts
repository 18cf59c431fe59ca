import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ClientQueries, MspQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide, worker } from '#platform/module';
import { AgreementHolding } from './agreement-holding.ts';
import { EndPassedAgreements, endPassedAgreements } from './agreement-jobs.ts';
import { agreementOperations } from './agreement-operations.ts';
import { agreementPermissions } from './agreement-policy.ts';
import { AgreementQueries } from './agreement-queries.ts';
import { AgreementStore } from './agreement-store.ts';
import { AgreementTemplates } from './agreement-templates.ts';
import { ChangeAgreementState } from './change-agreement-state.ts';
import { CreateAgreement } from './create-agreement.ts';
import { UpdateAgreement } from './update-agreement.ts';

export const agreementsModule = defineModule({
  name: 'agreements',
  tables: ['agreement'],
  permissions: agreementPermissions,
  register(container) {
    provide(container, AgreementStore, () => new AgreementStore());
    provide(container, AgreementHolding, (c) => new AgreementHolding({ msp: c.resolve(MspQueries) }));
    provide(container, AgreementQueries, (c) => new AgreementQueries({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      AgreementTemplates,
      (c) =>
        new AgreementTemplates({
          db: c.resolve(ScopedDb),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      CreateAgreement,
      (c) =>
        new CreateAgreement({
          db: c.resolve(ScopedDb),
          store: c.resolve(AgreementStore),
          templates: c.resolve(AgreementTemplates),
          clients: c.resolve(ClientQueries),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
    for (const UseCase of [UpdateAgreement, ChangeAgreementState] as const)
      provide<UpdateAgreement | ChangeAgreementState>(
        container,
        UseCase,
        (c) => new UseCase({ db: c.resolve(ScopedDb), store: c.resolve(AgreementStore), audit: c.resolve(AuditTrail) }),
      );
    provide(
      container,
      EndPassedAgreements,
      (c) =>
        new EndPassedAgreements({
          db: c.resolve(ScopedDb),
          msp: c.resolve(MspQueries),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) =>
    agreementOperations({
      agreements: c.resolve(AgreementQueries),
      templates: c.resolve(AgreementTemplates),
      createAgreement: c.resolve(CreateAgreement),
      updateAgreement: c.resolve(UpdateAgreement),
      changeState: c.resolve(ChangeAgreementState),
    }),
  jobs: (c) => [worker(endPassedAgreements, (scope) => c.resolve(EndPassedAgreements).run(scope))],
});
