import { ConnectionQueries, MakePluginScopeToken } from '#modules/plugin-host';
import { ScopeQueries } from '#modules/plugin-scopes';
import { defineModule, provide } from '#platform/module';
import { ActionTools } from './action-tools.ts';

export const pluginToolsModule = defineModule({
  name: 'plugin-tools',
  tables: [],
  permissions: [],
  register(container) {
    provide(
      container,
      ActionTools,
      (c) =>
        new ActionTools({
          connections: c.resolve(ConnectionQueries),
          scopes: c.resolve(ScopeQueries),
          makePluginScope: c.resolve(MakePluginScopeToken),
        }),
    );
  },
  operations: () => ({}),
});
