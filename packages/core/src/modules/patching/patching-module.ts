import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AssetQueries } from '#modules/assets';
import { AuditTrail } from '#modules/audit';
import { QueueOrder } from '#modules/endpoints';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide, worker } from '#platform/module';
import { DecideUpdates } from './decide-updates.ts';
import { DecisionStore } from './decision-store.ts';
import { EndpointOrders } from './endpoint-orders.ts';
import { endLostInstallsJob, FinishInstall } from './finish-install.ts';
import { InstallQueries } from './install-queries.ts';
import { InstallStore } from './install-store.ts';
import { InstallUpdates } from './install-updates.ts';
import { OrderPortToken } from './order-port-token.ts';
import { patchOperations } from './patch-operations.ts';
import { patchPermissions } from './patch-policy.ts';
import { PatchQueries } from './patch-queries.ts';
import { PendingStore } from './pending-store.ts';
import { RecordUpdates } from './record-updates.ts';

/** What every use case here needs; each takes its part. */
const parts = (c: DependencyContainer) => ({
  db: c.resolve(ScopedDb),
  clock: c.resolve(ClockToken),
  audit: c.resolve(AuditTrail),
  live: c.resolve(LiveHub),
  assets: c.resolve(AssetQueries),
  clients: c.resolve(ClientQueries),
  pending: c.resolve(PendingStore),
  decisions: c.resolve(DecisionStore),
  installs: c.resolve(InstallStore),
});

export const patchingModule = defineModule({
  name: 'patching',
  tables: ['patch'],
  permissions: patchPermissions,
  register(container) {
    provide(container, PendingStore, () => new PendingStore());
    provide(container, DecisionStore, () => new DecisionStore());
    provide(container, InstallStore, () => new InstallStore());
    provide(container, OrderPortToken, (c) => new EndpointOrders({ queueOrder: c.resolve(QueueOrder) }));
    provide(container, RecordUpdates, (c) => new RecordUpdates(parts(c)));
    provide(container, DecideUpdates, (c) => new DecideUpdates(parts(c)));
    provide(container, InstallUpdates, (c) => new InstallUpdates({ ...parts(c), orders: c.resolve(OrderPortToken) }));
    provide(container, FinishInstall, (c) => new FinishInstall(parts(c)));
    provide(container, PatchQueries, (c) => new PatchQueries(parts(c)));
    provide(container, InstallQueries, (c) => new InstallQueries(parts(c)));
  },
  operations: (c) =>
    patchOperations({
      patches: c.resolve(PatchQueries),
      installs: c.resolve(InstallQueries),
      decideUpdates: c.resolve(DecideUpdates),
      installUpdates: c.resolve(InstallUpdates),
    }),
  jobs: (c) => [worker(endLostInstallsJob, (scope) => c.resolve(FinishInstall).endLost(scope))],
});
