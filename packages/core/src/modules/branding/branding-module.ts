import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { brandingOperations } from './branding-operations.ts';
import { brandingPermissions } from './branding-policy.ts';
import { Brands } from './brands.ts';

export const brandingModule = defineModule({
  name: 'branding',
  tables: ['branding'],
  permissions: brandingPermissions,
  register(container) {
    provide(
      container,
      Brands,
      (c) =>
        new Brands({
          db: c.resolve(ScopedDb),
          clients: c.resolve(ClientQueries),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => brandingOperations({ brands: c.resolve(Brands) }),
});
