import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { ScopeQueries } from './scope-queries.ts';

export const pluginScopesModule = defineModule({
  name: 'plugin-scopes',
  tables: ['plugin_scope'],
  permissions: [],
  register(container) {
    provide(container, ScopeQueries, (c) => new ScopeQueries({ db: c.resolve(ScopedDb) }));
  },
  operations: () => ({}),
});
