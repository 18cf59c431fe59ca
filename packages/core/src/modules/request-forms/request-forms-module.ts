import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { TicketCategories } from '#modules/desk-catalogue';
import { TicketFields } from '#modules/desk-fields';
import { PortalTickets } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { FillForm } from './fill-form.ts';
import { requestFormsOperations } from './request-forms-operations.ts';
import { requestFormsPermissions } from './request-forms-policy.ts';
import { RequestForms } from './request-forms.ts';

export const requestFormsModule = defineModule({
  name: 'request-forms',
  tables: ['request_form'],
  permissions: requestFormsPermissions,
  register(container) {
    provide(
      container,
      RequestForms,
      (c) =>
        new RequestForms({
          db: c.resolve(ScopedDb),
          fields: c.resolve(TicketFields),
          categories: c.resolve(TicketCategories),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      FillForm,
      (c) => new FillForm({ forms: c.resolve(RequestForms), tickets: c.resolve(PortalTickets) }),
    );
  },
  operations: (c) => requestFormsOperations({ forms: c.resolve(RequestForms), fill: c.resolve(FillForm) }),
});
