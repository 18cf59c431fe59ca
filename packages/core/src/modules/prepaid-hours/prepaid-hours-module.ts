import { ClockToken } from '#kernel/tokens';
import { AgreementHolding, AgreementQueries } from '#modules/agreements';
import { ClientQueries, MspQueries } from '#modules/tenancy';
import { TicketForWork } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { BlockBalances } from './block-balances.ts';
import { prepaidHoursOperations } from './prepaid-hours-operations.ts';
import { prepaidHoursPermissions } from './prepaid-hours-policy.ts';

export const prepaidHoursModule = defineModule({
  name: 'prepaid-hours',
  tables: [],
  permissions: prepaidHoursPermissions,
  register(container) {
    provide(
      container,
      BlockBalances,
      (c) =>
        new BlockBalances({
          db: c.resolve(ScopedDb),
          agreements: c.resolve(AgreementQueries),
          holding: c.resolve(AgreementHolding),
          tickets: c.resolve(TicketForWork),
          clients: c.resolve(ClientQueries),
          msp: c.resolve(MspQueries),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => prepaidHoursOperations(c.resolve(BlockBalances)),
});
