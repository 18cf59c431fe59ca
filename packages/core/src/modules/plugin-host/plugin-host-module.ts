import { join } from 'node:path';
import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { InstalledPlugins, PluginPackages, PluginUseToken } from '#modules/plugins';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import { SecretBox } from '#platform/secrets/secret-box';
import { SettingsToken } from '#platform/settings-token';
import { AuthorizeConnection } from './authorize-connection.ts';
import { CallOutcome } from './call-outcome-store.ts';
import { ChangeConnection } from './change-connection.ts';
import { ConnectionBreaker } from './connection-breaker.ts';
import { ConnectionCleanerToken } from './connection-cleaner-token.ts';
import { ConnectionIssues } from './connection-issue-store.ts';
import { ConnectionPages } from './connection-page-queries.ts';
import { ConnectionQueries } from './connection-queries.ts';
import { ConnectionSecrets } from './connection-secrets.ts';
import { ConnectionStore } from './connection-store.ts';
import { DeliveryVerifier } from './delivery-verifier.ts';
import { DescribeReach } from './describe-reach.ts';
import { Diagnostics } from './diagnostics.ts';
import { DraftCalls } from './draft-calls.ts';
import { HostPluginUse } from './host-plugin-use.ts';
import { IssuePages } from './issue-page-queries.ts';
import { ListOptions } from './list-options.ts';
import { OpenConnections } from './open-connections.ts';
import { PluginCalls } from './plugin-calls.ts';
import { MakePluginScopeToken } from './make-plugin-scope-token.ts';
import { pluginHostOperations } from './plugin-host-operations.ts';
import { pluginHostPermissions } from './plugin-host-policy.ts';
import { PluginRunner } from './plugin-runner.ts';
import { PluginState } from './plugin-state-store.ts';
import { SaveConnection } from './save-connection.ts';

/** What nearly every part here is made of. */
function basics(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    store: c.resolve(ConnectionStore),
    secrets: c.resolve(ConnectionSecrets),
    issues: c.resolve(ConnectionIssues),
    plugins: c.resolve(InstalledPlugins),
    packages: c.resolve(PluginPackages),
    runner: c.resolve(PluginRunner),
    breaker: c.resolve(ConnectionBreaker),
    makeScope: c.resolve(MakePluginScopeToken),
    audit: c.resolve(AuditTrail),
    jobs: c.resolve(JobQueue),
    live: c.resolve(LiveHub),
    clock: c.resolve(ClockToken),
  };
}

export const pluginHostModule = defineModule({
  name: 'plugin-host',
  tables: ['plugin_connection', 'plugin_authorization', 'plugin_state', 'plugin_issue', 'plugin_health', 'plugin_log'],
  permissions: pluginHostPermissions,
  register(container) {
    registerStores(container);
    registerCalls(container);
    registerUseCases(container);
  },
  operations: (c) =>
    pluginHostOperations({
      pages: c.resolve(ConnectionPages),
      issues: c.resolve(IssuePages),
      diagnostics: c.resolve(Diagnostics),
      save: c.resolve(SaveConnection),
      change: c.resolve(ChangeConnection),
      authorize: c.resolve(AuthorizeConnection),
      reach: c.resolve(DescribeReach),
      options: c.resolve(ListOptions),
    }),
});

function registerStores(container: DependencyContainer): void {
  provide(container, ConnectionStore, () => new ConnectionStore());
  provide(
    container,
    ConnectionSecrets,
    (c) => new ConnectionSecrets({ box: c.resolve(SecretBox), clock: c.resolve(ClockToken) }),
  );
  provide(
    container,
    ConnectionQueries,
    (c) => new ConnectionQueries({ db: c.resolve(ScopedDb), plugins: c.resolve(InstalledPlugins) }),
  );
  provide(
    container,
    ConnectionIssues,
    (c) => new ConnectionIssues({ clock: c.resolve(ClockToken), live: c.resolve(LiveHub) }),
  );
  provide(container, PluginState, (c) => new PluginState({ db: c.resolve(ScopedDb), clock: c.resolve(ClockToken) }));
  provide(container, ConnectionBreaker, (c) => new ConnectionBreaker({ clock: c.resolve(ClockToken) }));
}

function registerCalls(container: DependencyContainer): void {
  provide(
    container,
    PluginRunner,
    (c) => new PluginRunner({ folder: join(c.resolve(SettingsToken).BAILIWICK_DATA_DIR, 'plugins') }),
  );
  provide(container, OpenConnections, (c) => new OpenConnections(basics(c)));
  provide(container, CallOutcome, (c) => new CallOutcome(basics(c)));
  provide(
    container,
    PluginCalls,
    (c) =>
      new PluginCalls({
        ...basics(c),
        queries: c.resolve(ConnectionQueries),
        open: c.resolve(OpenConnections),
        state: c.resolve(PluginState),
        outcome: c.resolve(CallOutcome),
      }),
  );
  provide(container, DeliveryVerifier, (c) => new DeliveryVerifier(basics(c)));
  provide(container, DraftCalls, (c) => new DraftCalls({ ...basics(c), open: c.resolve(OpenConnections) }));
}

function registerUseCases(container: DependencyContainer): void {
  provide(container, ConnectionPages, (c) => new ConnectionPages(basics(c)));
  provide(container, IssuePages, (c) => new IssuePages(basics(c)));
  provide(container, Diagnostics, (c) => new Diagnostics(basics(c)));
  provide(container, DescribeReach, (c) => new DescribeReach(basics(c)));
  provide(container, ListOptions, (c) => new ListOptions({ ...basics(c), drafts: c.resolve(DraftCalls) }));
  provide(
    container,
    SaveConnection,
    (c) =>
      new SaveConnection({
        ...basics(c),
        clients: c.resolve(ClientQueries),
        drafts: c.resolve(DraftCalls),
        open: c.resolve(OpenConnections),
      }),
  );
  provide(
    container,
    ChangeConnection,
    (c) =>
      new ChangeConnection({
        ...basics(c),
        calls: c.resolve(PluginCalls),
        open: c.resolve(OpenConnections),
        cleaners: () => (c.isRegistered(ConnectionCleanerToken) ? c.resolveAll(ConnectionCleanerToken) : []),
      }),
  );
  provide(
    container,
    AuthorizeConnection,
    (c) =>
      new AuthorizeConnection({
        ...basics(c),
        box: c.resolve(SecretBox),
        open: c.resolve(OpenConnections),
        change: c.resolve(ChangeConnection),
        redirectUri: redirectUriOf(c.resolve(SettingsToken)),
      }),
  );
  provide(container, PluginUseToken, (c) => new HostPluginUse({ ...basics(c), change: c.resolve(ChangeConnection) }));
}

/** The one address that vendors send people back to; it is registered with each of them. */
function redirectUriOf(settings: { BAILIWICK_PUBLIC_URL?: string | undefined; PORT: number }): string {
  const origin = settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`;
  return `${origin.replace(/\/$/, '')}/api/plugin-authorization/callback`;
}
