import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { RaiseAlert, RecoverAlert } from '#modules/alerts';
import { RecordInventory, RecordSoftware, WithdrawAsset } from '#modules/assets';
import { AuditTrail } from '#modules/audit';
import { AppendSamples } from '#modules/monitoring';
import {
  connectionChanged,
  ConnectionCleanerToken,
  ConnectionIssues,
  ConnectionQueries,
  connectionReady,
  PluginCalls,
} from '#modules/plugin-host';
import { scopeMapped, ScopeQueries, scopesFound, scopeUnmapped } from '#modules/plugin-scopes';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide, worker } from '#platform/module';
import { ChangeStream } from './change-stream.ts';
import { cleanRecords } from './clean-records.ts';
import { DeliverBatch } from './deliver-batch.ts';
import { EntityStore } from './entity-store.ts';
import { ForgetRuns } from './forget-runs.ts';
import { LandingStore } from './landing-store.ts';
import { LandRecords } from './land-records.ts';
import { EntityQueries } from './record-queries.ts';
import { RehomeRecords } from './rehome-records.ts';
import { RunStream } from './run-stream.ts';
import { StartStreams } from './start-streams.ts';
import { StreamFailures } from './stream-failures.ts';
import { StreamQueries } from './stream-queries.ts';
import { StreamStateStore } from './stream-state-store.ts';
import { forgetRuns, landRecords, runStream, startDueStreams } from './sync-jobs.ts';
import { syncOperations } from './sync-operations.ts';
import { syncPermissions } from './sync-policy.ts';

/** What every use case here needs; each takes its part. */
const parts = (c: DependencyContainer) => ({
  db: c.resolve(ScopedDb),
  clock: c.resolve(ClockToken),
  jobs: c.resolve(JobQueue),
  connections: c.resolve(ConnectionQueries),
  scopes: c.resolve(ScopeQueries),
  entities: c.resolve(EntityStore),
  streams: c.resolve(StreamStateStore),
});

export const pluginSyncModule = defineModule({
  name: 'plugin-sync',
  tables: ['plugin_stream', 'plugin_pass', 'plugin_run', 'plugin_entity'],
  permissions: syncPermissions,
  register(container) {
    container.register(ConnectionCleanerToken, {
      useFactory: (c) => cleanRecords({ recoverAlert: c.resolve(RecoverAlert), clock: c.resolve(ClockToken) }),
    });
    provide(container, EntityStore, () => new EntityStore());
    provide(container, StreamStateStore, () => new StreamStateStore());
    provide(container, LandingStore, () => new LandingStore());
    provide(container, EntityQueries, (c) => new EntityQueries({ db: c.resolve(ScopedDb) }));
    provide(container, StreamQueries, (c) => new StreamQueries({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      StreamFailures,
      (c) => new StreamFailures({ issues: c.resolve(ConnectionIssues), streams: c.resolve(StreamStateStore) }),
    );
    provide(container, StartStreams, (c) => new StartStreams(parts(c)));
    provide(
      container,
      RunStream,
      (c) =>
        new RunStream({
          ...parts(c),
          calls: c.resolve(PluginCalls),
          failures: c.resolve(StreamFailures),
          live: c.resolve(LiveHub),
        }),
    );
    provide(container, DeliverBatch, (c) => new DeliverBatch({ ...parts(c), start: c.resolve(StartStreams) }));
    provide(container, ChangeStream, (c) => new ChangeStream({ ...parts(c), audit: c.resolve(AuditTrail) }));
    provide(container, ForgetRuns, (c) => new ForgetRuns(parts(c)));
    provide(
      container,
      LandRecords,
      (c) =>
        new LandRecords({
          ...parts(c),
          store: c.resolve(LandingStore),
          recordInventory: c.resolve(RecordInventory),
          recordSoftware: c.resolve(RecordSoftware),
          raiseAlert: c.resolve(RaiseAlert),
          recoverAlert: c.resolve(RecoverAlert),
          appendSamples: c.resolve(AppendSamples),
        }),
    );
    provide(
      container,
      RehomeRecords,
      (c) =>
        new RehomeRecords({
          ...parts(c),
          start: c.resolve(StartStreams),
          recoverAlert: c.resolve(RecoverAlert),
          withdrawAsset: c.resolve(WithdrawAsset),
        }),
    );
  },
  operations: (c) =>
    syncOperations({
      records: c.resolve(EntityQueries),
      streams: c.resolve(StreamQueries),
      start: c.resolve(StartStreams),
      change: c.resolve(ChangeStream),
    }),
  subscriptions: (c) => [
    on(
      connectionReady,
      'plan-streams',
      async (scope, { payload }) => {
        await c.resolve(StartStreams).plan(scope, payload.connectionId);
        // Whoever has repaired it waits, and its streams rest for as long as they had failed.
        await c.resolve(StartStreams).nudge(scope, payload);
      },
      {
        isAwaited: true,
      },
    ),
    // A new version may bring other streams.
    on(connectionChanged, 'plan-streams', (scope, { payload }) =>
      c.resolve(StartStreams).plan(scope, payload.connectionId),
    ),
    on(
      scopesFound,
      'read-found-scopes',
      async (scope, { payload }) => void (await c.resolve(StartStreams).nudge(scope, payload)),
      { isAwaited: true },
    ),
    on(scopeMapped, 'rehome-records', (scope, { payload }) => c.resolve(RehomeRecords).run(scope, payload), {
      isAwaited: true,
    }),
    on(scopeUnmapped, 'rehome-records', (scope, { payload }) => c.resolve(RehomeRecords).run(scope, payload), {
      isAwaited: true,
    }),
  ],
  jobs: (c) => [
    worker(startDueStreams, async (scope) => void (await c.resolve(StartStreams).startDue(scope))),
    worker(runStream, async (scope, { streamId }) => void (await c.resolve(RunStream).run(scope, streamId))),
    worker(
      landRecords,
      async (scope, { connectionId }) => void (await c.resolve(LandRecords).run(scope, connectionId)),
    ),
    worker(forgetRuns, (scope) => c.resolve(ForgetRuns).run(scope)),
  ],
});
