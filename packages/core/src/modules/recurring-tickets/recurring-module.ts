import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { BusinessHours } from '#modules/sla';
import { ClientQueries } from '#modules/tenancy';
import { Checklists, ChecklistTemplates } from '#modules/ticket-checklists';
import { OpenTicket } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide, worker } from '#platform/module';
import { recurringOperations } from './recurring-operations.ts';
import { recurringPermissions } from './recurring-policy.ts';
import { RecurringQueries } from './recurring-queries.ts';
import { RecurringTickets } from './recurring-tickets.ts';
import { openDueTickets, RunRecurring } from './run-recurring.ts';

export const recurringTicketsModule = defineModule({
  name: 'recurring-tickets',
  tables: ['recurring'],
  permissions: recurringPermissions,
  register(container) {
    const shared = () => ({
      db: container.resolve(ScopedDb),
      clients: container.resolve(ClientQueries),
      hours: container.resolve(BusinessHours),
      audit: container.resolve(AuditTrail),
      live: container.resolve(LiveHub),
      clock: container.resolve(ClockToken),
      templates: container.resolve(ChecklistTemplates),
      checklists: container.resolve(Checklists),
      open: container.resolve(OpenTicket),
    });
    provide(container, RecurringTickets, () => new RecurringTickets(shared()));
    provide(container, RecurringQueries, () => new RecurringQueries(shared()));
    provide(container, RunRecurring, () => new RunRecurring(shared()));
  },
  operations: (c) => recurringOperations(c.resolve(RecurringTickets), c.resolve(RecurringQueries)),
  jobs: (c) => [
    worker(openDueTickets, async (scope) => {
      await c.resolve(RunRecurring).run(scope);
    }),
  ],
});
