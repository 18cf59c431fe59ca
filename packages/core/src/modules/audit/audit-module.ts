import { ClockToken } from '#kernel/tokens';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide, worker } from '#platform/module';
import { auditCommands } from './audit-commands.ts';
import { sealEntries } from './audit-jobs.ts';
import { auditOperations } from './audit-operations.ts';
import { auditPermissions } from './audit-policy.ts';
import { AuditQueries } from './audit-queries.ts';
import { AuditTrail } from './audit-trail.ts';
import { ErasePayload } from './erase-payload.ts';
import { SealEntries } from './seal-entries.ts';
import { VerifyChain } from './verify-chain.ts';

export const auditModule = defineModule({
  name: 'audit',
  tables: ['audit'],
  permissions: auditPermissions,
  register(container) {
    provide(container, AuditTrail, (c) => new AuditTrail({ clock: c.resolve(ClockToken) }));
    provide(container, AuditQueries, (c) => new AuditQueries({ db: c.resolve(ScopedDb) }));
    provide(container, SealEntries, (c) => new SealEntries({ db: c.resolve(ScopedDb) }));
    provide(container, VerifyChain, (c) => new VerifyChain({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      ErasePayload,
      (c) => new ErasePayload({ db: c.resolve(ScopedDb), audit: c.resolve(AuditTrail), clock: c.resolve(ClockToken) }),
    );
  },
  operations: (c) => auditOperations({ entries: c.resolve(AuditQueries), erase: c.resolve(ErasePayload) }),
  jobs: (c) => [
    worker(sealEntries, async (scope) => {
      await c.resolve(SealEntries).run(scope);
    }),
  ],
  commands: (c) => auditCommands(() => ({ seal: c.resolve(SealEntries), verify: c.resolve(VerifyChain) })),
});
