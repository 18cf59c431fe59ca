import { ClockToken } from '#kernel/tokens';
import { AgreementHolding } from '#modules/agreements';
import { AuditTrail } from '#modules/audit';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import { OpenTicket } from './open-ticket.ts';
import { StaffIdentity } from './staff-identity.ts';
import { TicketHistory } from './ticket-history.ts';
import { ticketOperations } from './ticket-operations.ts';
import { ticketPermissions } from './ticket-policy.ts';
import { TicketQueries } from './ticket-queries.ts';
import { TicketStore } from './ticket-store.ts';

export const ticketsModule = defineModule({
  name: 'tickets',
  tables: ['ticket'],
  permissions: ticketPermissions,
  register(container) {
    provide(container, TicketStore, () => new TicketStore());
    provide(container, TicketHistory, () => new TicketHistory());
    provide(container, StaffIdentity, (c) => new StaffIdentity({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      TicketQueries,
      (c) => new TicketQueries({ db: c.resolve(ScopedDb), staff: c.resolve(StaffIdentity) }),
    );
    provide(
      container,
      OpenTicket,
      (c) =>
        new OpenTicket({
          db: c.resolve(ScopedDb),
          store: c.resolve(TicketStore),
          history: c.resolve(TicketHistory),
          agreements: c.resolve(AgreementHolding),
          clients: c.resolve(ClientQueries),
          audit: c.resolve(AuditTrail),
          jobs: c.resolve(JobQueue),
          live: c.resolve(LiveHub),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => ticketOperations({ tickets: c.resolve(TicketQueries), openTicket: c.resolve(OpenTicket) }),
});
