import { ClockToken } from '#kernel/tokens';
import { InstalledPlugins } from '#modules/plugins';
import { ScopedDb } from '#platform/db/scoped-db';
import { LiveHub } from '#platform/live';
import { defineModule, provide } from '#platform/module';
import { ConnectionIssues } from './connection-issues.ts';
import { ConnectionQueries } from './connection-queries.ts';
import { PluginCalls } from './plugin-calls.ts';

export const pluginHostModule = defineModule({
  name: 'plugin-host',
  tables: ['plugin_connection', 'plugin_authorization', 'plugin_state', 'plugin_issue', 'plugin_health', 'plugin_log'],
  permissions: [],
  register(container) {
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
    provide(container, PluginCalls, () => new PluginCalls());
  },
  operations: () => ({}),
});
