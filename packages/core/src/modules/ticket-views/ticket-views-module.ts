import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { StaffIdentity, TicketCounts } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import { SavedViews } from './saved-views.ts';
import { viewOperations } from './view-operations.ts';
import { viewPermissions } from './view-policy.ts';
import { ViewQueries } from './view-queries.ts';

export const ticketViewsModule = defineModule({
  name: 'ticket-views',
  tables: ['ticket_view'],
  permissions: viewPermissions,
  register(container) {
    provide(
      container,
      SavedViews,
      (c) =>
        new SavedViews({
          db: c.resolve(ScopedDb),
          staff: c.resolve(StaffIdentity),
          audit: c.resolve(AuditTrail),
          live: c.resolve(LiveHub),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      ViewQueries,
      (c) =>
        new ViewQueries({
          db: c.resolve(ScopedDb),
          staff: c.resolve(StaffIdentity),
          counts: c.resolve(TicketCounts),
        }),
    );
  },
  operations: (c) => viewOperations({ views: c.resolve(ViewQueries), saved: c.resolve(SavedViews) }),
});
