import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { deskCatalogueOperations } from './desk-catalogue-operations.ts';
import { deskCataloguePermissions } from './desk-catalogue-policy.ts';
import { PriorityMatrix } from './priority-matrix.ts';
import { TicketCategories } from './ticket-categories.ts';

export const deskCatalogueModule = defineModule({
  name: 'desk-catalogue',
  tables: ['desk_matrix', 'desk_category'],
  permissions: deskCataloguePermissions,
  register(container) {
    provide(
      container,
      PriorityMatrix,
      (c) => new PriorityMatrix({ db: c.resolve(ScopedDb), audit: c.resolve(AuditTrail) }),
    );
    provide(
      container,
      TicketCategories,
      (c) =>
        new TicketCategories({
          db: c.resolve(ScopedDb),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) =>
    deskCatalogueOperations({ matrix: c.resolve(PriorityMatrix), categories: c.resolve(TicketCategories) }),
});
