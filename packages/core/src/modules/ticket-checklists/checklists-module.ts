import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { TicketForWork, TicketGates, ticketOpened } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide } from '#platform/module';
import { checklistOperations } from './checklist-operations.ts';
import { checklistPermissions } from './checklist-policy.ts';
import { ChecklistQueries } from './checklist-queries.ts';
import { ChecklistTemplates } from './checklist-templates.ts';
import { Checklists } from './checklists.ts';
import { MoveChecklists } from './move-checklists.ts';

export const ticketChecklistsModule = defineModule({
  name: 'ticket-checklists',
  tables: ['checklist'],
  permissions: checklistPermissions,
  register(container) {
    const shared = () => ({
      db: container.resolve(ScopedDb),
      tickets: container.resolve(TicketForWork),
      audit: container.resolve(AuditTrail),
      live: container.resolve(LiveHub),
      clock: container.resolve(ClockToken),
    });
    provide(container, ChecklistTemplates, () => new ChecklistTemplates(shared()));
    provide(container, Checklists, (c) => new Checklists({ ...shared(), templates: c.resolve(ChecklistTemplates) }));
    provide(container, MoveChecklists, () => new MoveChecklists());
    provide(container, ChecklistQueries, () => new ChecklistQueries(shared()));
    container.resolve(TicketGates).add({
      assertMayResolve: (tx, ticketId) => container.resolve(Checklists).assertMayResolve(tx, ticketId),
    });
  },
  operations: (c) =>
    checklistOperations({
      templates: c.resolve(ChecklistTemplates),
      checklists: c.resolve(Checklists),
      queries: c.resolve(ChecklistQueries),
    }),
  subscriptions: (c) => [
    on(ticketOpened, 'apply-checklists', (scope, event) =>
      c.resolve(Checklists).applyAutomatic(scope, event.payload.ticketId),
    ),
  ],
});
