import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { deskFieldsOperations } from './desk-fields-operations.ts';
import { deskFieldsPermissions } from './desk-fields-policy.ts';
import { FieldValues } from './field-values.ts';
import { TicketFields } from './ticket-fields.ts';

export const deskFieldsModule = defineModule({
  name: 'desk-fields',
  tables: ['desk_field'],
  permissions: deskFieldsPermissions,
  register(container) {
    provide(container, FieldValues, (c) => new FieldValues({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      TicketFields,
      (c) => new TicketFields({ db: c.resolve(ScopedDb), audit: c.resolve(AuditTrail), clock: c.resolve(ClockToken) }),
    );
  },
  operations: (c) => deskFieldsOperations(c.resolve(TicketFields)),
});
