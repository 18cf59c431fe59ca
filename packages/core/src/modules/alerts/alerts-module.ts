import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AssetQueries } from '#modules/assets';
import { AuditTrail } from '#modules/audit';
import { BreachSinkToken } from '#modules/monitoring';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import { AcknowledgeAlert } from './acknowledge-alert.ts';
import { alertOperations } from './alert-operations.ts';
import { alertPermissions } from './alert-policy.ts';
import { AlertQueries } from './alert-queries.ts';
import { AlertStore } from './alert-store.ts';
import { CheckAlerts } from './check-alerts.ts';
import { RaiseAlert } from './raise-alert.ts';
import { RecoverAlert } from './recover-alert.ts';

/** What every use case here needs; each takes its part. */
const parts = (c: DependencyContainer) => ({
  db: c.resolve(ScopedDb),
  clock: c.resolve(ClockToken),
  audit: c.resolve(AuditTrail),
  jobs: c.resolve(JobQueue),
  live: c.resolve(LiveHub),
  store: c.resolve(AlertStore),
});

export const alertsModule = defineModule({
  name: 'alerts',
  tables: ['alert'],
  permissions: alertPermissions,
  register(container) {
    provide(container, AlertStore, () => new AlertStore());
    provide(container, RaiseAlert, (c) => new RaiseAlert(parts(c)));
    provide(container, RecoverAlert, (c) => new RecoverAlert(parts(c)));
    provide(container, AcknowledgeAlert, (c) => new AcknowledgeAlert(parts(c)));
    provide(
      container,
      AlertQueries,
      (c) => new AlertQueries({ db: c.resolve(ScopedDb), assets: c.resolve(AssetQueries) }),
    );
    provide(
      container,
      BreachSinkToken,
      (c) => new CheckAlerts({ raise: c.resolve(RaiseAlert), recover: c.resolve(RecoverAlert) }),
    );
  },
  operations: (c) => alertOperations({ alerts: c.resolve(AlertQueries), acknowledge: c.resolve(AcknowledgeAlert) }),
});
