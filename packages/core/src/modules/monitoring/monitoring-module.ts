import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AssetQueries, assetRetired } from '#modules/assets';
import { AuditTrail } from '#modules/audit';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, on, provide, worker } from '#platform/module';
import { AppendSamples } from './append-samples.ts';
import { BreachSinkToken } from './breach-sink-token.ts';
import { ChangeChecks } from './change-checks.ts';
import { CheckCache } from './check-cache.ts';
import { CheckQueries } from './check-queries.ts';
import { CheckStateStore } from './check-state-store.ts';
import { CheckStore } from './check-store.ts';
import { EvaluateChecks } from './evaluate-checks.ts';
import { MetricQueries } from './metric-queries.ts';
import { expireSamples, sealReports, sweepChecks } from './monitoring-jobs.ts';
import { monitoringOperations } from './monitoring-operations.ts';
import { monitoringPermissions } from './monitoring-policy.ts';
import { PostgresSampleStore } from './postgres-sample-store.ts';
import { PreviewCheck } from './preview-check.ts';
import { ExpireSamples, SealReports } from './seal-reports.ts';
import { SeriesCatalogue } from './series-catalogue.ts';
import { SweepChecks } from './sweep-checks.ts';
import { UnwatchAsset } from './unwatch-asset.ts';

/** What every use case here needs; each takes its part. The sink is asked for late: the module that gives it is registered after this one. */
const parts = (c: DependencyContainer) => ({
  db: c.resolve(ScopedDb),
  clock: c.resolve(ClockToken),
  audit: c.resolve(AuditTrail),
  samples: c.resolve(PostgresSampleStore),
  store: c.resolve(CheckStore),
  states: c.resolve(CheckStateStore),
  cache: c.resolve(CheckCache),
  checks: c.resolve(CheckCache),
  sink: () => c.resolve(BreachSinkToken),
});

export const monitoringModule = defineModule({
  name: 'monitoring',
  tables: ['metric', 'monitoring'],
  permissions: monitoringPermissions,
  register(container) {
    provide(container, SeriesCatalogue, () => new SeriesCatalogue());
    provide(
      container,
      PostgresSampleStore,
      (c) => new PostgresSampleStore({ db: c.resolve(ScopedDb), catalogue: c.resolve(SeriesCatalogue) }),
    );
    provide(container, CheckStore, () => new CheckStore());
    provide(container, CheckStateStore, () => new CheckStateStore());
    provide(
      container,
      CheckCache,
      (c) => new CheckCache({ store: c.resolve(CheckStore), clock: c.resolve(ClockToken) }),
    );
    provide(container, EvaluateChecks, (c) => new EvaluateChecks(parts(c)));
    provide(container, AppendSamples, (c) => new AppendSamples({ ...parts(c), evaluate: c.resolve(EvaluateChecks) }));
    provide(container, SealReports, (c) => new SealReports(parts(c)));
    provide(container, ExpireSamples, (c) => new ExpireSamples(parts(c)));
    provide(container, SweepChecks, (c) => new SweepChecks(parts(c)));
    provide(container, UnwatchAsset, (c) => new UnwatchAsset(parts(c)));
    provide(
      container,
      ChangeChecks,
      (c) => new ChangeChecks({ ...parts(c), clients: c.resolve(ClientQueries), assets: c.resolve(AssetQueries) }),
    );
    provide(container, CheckQueries, (c) => new CheckQueries(parts(c)));
    provide(container, MetricQueries, (c) => new MetricQueries(parts(c)));
    provide(container, PreviewCheck, (c) => new PreviewCheck(parts(c)));
  },
  operations: (c) =>
    monitoringOperations({
      metrics: c.resolve(MetricQueries),
      checks: c.resolve(CheckQueries),
      changes: c.resolve(ChangeChecks),
      preview: c.resolve(PreviewCheck),
    }),
  subscriptions: (c) => [
    on(assetRetired, 'unwatch-asset', (scope, event) => c.resolve(UnwatchAsset).run(scope, event.payload.assetId)),
  ],
  jobs: (c) => [
    worker(sealReports, async (scope) => void (await c.resolve(SealReports).run(scope))),
    worker(expireSamples, (scope) => c.resolve(ExpireSamples).run(scope)),
    worker(sweepChecks, (scope) => c.resolve(SweepChecks).run(scope)),
  ],
});
