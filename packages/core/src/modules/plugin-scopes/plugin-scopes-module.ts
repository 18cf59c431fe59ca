import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AssetQueries } from '#modules/assets';
import { AuditTrail } from '#modules/audit';
import { BillingSettings } from '#modules/billing';
import {
  ConnectionCleanerToken,
  ConnectionIssues,
  ConnectionQueries,
  connectionReady,
  PluginCalls,
} from '#modules/plugin-host';
import { ClientQueries, clientCreated, ContactQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide, worker } from '#platform/module';
import { ChangeMapping } from './change-mapping.ts';
import { cleanScopes } from './clean-scopes.ts';
import { ClientBooks } from './client-books.ts';
import { ClientKeys } from './client-keys.ts';
import { DiscoverScopes } from './discover-scopes.ts';
import { DiscoveryStore } from './discovery-store.ts';
import { KeyStore } from './key-store.ts';
import { MappingWriter } from './mapping-writer.ts';
import { MatchScopes } from './match-scopes.ts';
import { RequestDiscovery } from './request-discovery.ts';
import { discoverAllScopes, discoverScopes, matchScopes, watchAccess } from './scope-jobs.ts';
import { ScopeListQueries } from './scope-list-queries.ts';
import { scopeOperations } from './scope-operations.ts';
import { scopePermissions } from './scope-policy.ts';
import { ScopeQueries } from './scope-queries.ts';
import { ScopeStore } from './scope-store.ts';
import type { PluginScopeTables } from './scope-table.ts';
import { SetSwitches } from './set-switches.ts';
import { WatchAccess } from './watch-access.ts';

export const pluginScopesModule = defineModule({
  name: 'plugin-scopes',
  tables: ['plugin_scope'],
  permissions: scopePermissions,
  register(container) {
    provide(container, ScopeStore, () => new ScopeStore());
    provide(container, KeyStore, () => new KeyStore());
    provide(container, DiscoveryStore, () => new DiscoveryStore());
    provide(container, ScopeQueries, (c) => new ScopeQueries({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      ClientBooks,
      (c) =>
        new ClientBooks({
          clients: c.resolve(ClientQueries),
          contacts: c.resolve(ContactQueries),
          billing: c.resolve(BillingSettings),
          assets: c.resolve(AssetQueries),
          keys: c.resolve(KeyStore),
        }),
    );
    provide(container, MatchScopes, (c) => new MatchScopes({ ...parts(c), books: c.resolve(ClientBooks) }));
    provide(container, WatchAccess, (c) => new WatchAccess(parts(c)));
    provide(
      container,
      DiscoverScopes,
      (c) =>
        new DiscoverScopes({
          ...parts(c),
          calls: c.resolve(PluginCalls),
          discoveries: c.resolve(DiscoveryStore),
          match: c.resolve(MatchScopes),
          access: c.resolve(WatchAccess),
        }),
    );
    registerDecisions(container);
    container.register(ConnectionCleanerToken, { useFactory: (c) => cleanScopes(c.resolve(ScopeStore)) });
  },
  operations: (c) =>
    scopeOperations({
      scopes: c.resolve(ScopeListQueries),
      mapping: c.resolve(ChangeMapping),
      switches: c.resolve(SetSwitches),
      keys: c.resolve(ClientKeys),
      discovery: c.resolve(RequestDiscovery),
    }),
  subscriptions: (c) => [
    on(connectionReady, 'discover-scopes', async (scope, event) => {
      const { connectionId } = event.payload;
      const options = { singletonKey: connectionId };
      await c
        .resolve(ScopedDb)
        .transaction(scope, (tx) => c.resolve(JobQueue).send(tx, discoverScopes, { connectionId }, options));
    }),
    on(clientCreated, 'match-scopes', async (scope) => {
      await c
        .resolve(ScopedDb)
        .transaction(scope, (tx) => c.resolve(JobQueue).send(tx, matchScopes, {}, { singletonKey: 'match' }));
    }),
  ],
  jobs: (c) => [
    worker(discoverScopes, (scope, payload) => c.resolve(DiscoverScopes).run(scope, payload.connectionId)),
    worker(discoverAllScopes, (scope) => c.resolve(RequestDiscovery).all(scope)),
    worker(matchScopes, async (scope) => {
      const db = c.resolve(ScopedDb).typed<PluginScopeTables>();
      await db.transaction(scope, (tx) => c.resolve(MatchScopes).run(tx));
    }),
    worker(watchAccess, (scope) => c.resolve(WatchAccess).run(scope)),
  ],
});

function registerDecisions(container: DependencyContainer): void {
  provide(container, MappingWriter, (c) => new MappingWriter(parts(c)));
  provide(
    container,
    ChangeMapping,
    (c) => new ChangeMapping({ ...parts(c), writer: c.resolve(MappingWriter), clients: c.resolve(ClientQueries) }),
  );
  provide(container, SetSwitches, (c) => new SetSwitches(parts(c)));
  provide(container, RequestDiscovery, (c) => new RequestDiscovery(parts(c)));
  provide(
    container,
    ClientKeys,
    (c) => new ClientKeys({ ...parts(c), store: c.resolve(KeyStore), clients: c.resolve(ClientQueries) }),
  );
  provide(container, ScopeListQueries, (c) => new ScopeListQueries({ ...parts(c), clients: c.resolve(ClientQueries) }));
}

/** What most of the module's classes need. */
function parts(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    connections: c.resolve(ConnectionQueries),
    issues: c.resolve(ConnectionIssues),
    store: c.resolve(ScopeStore),
    keys: c.resolve(KeyStore),
    audit: c.resolve(AuditTrail),
    jobs: c.resolve(JobQueue),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}
