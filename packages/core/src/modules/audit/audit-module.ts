import { ClockToken } from '#kernel/tokens';
import { defineModule, provide } from '#platform/module';
import { AuditTrail } from './audit-trail.ts';

export const auditModule = defineModule({
  name: 'audit',
  tables: ['audit'],
  permissions: [],
  register: (container) => provide(container, AuditTrail, (c) => new AuditTrail({ clock: c.resolve(ClockToken) })),
  operations: () => ({}),
});
