import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide } from '#platform/module';
import { InstalledPlugins } from './installed-plugins.ts';

export const pluginsModule = defineModule({
  name: 'plugins',
  tables: ['plugin'],
  permissions: [],
  register(container) {
    provide(container, InstalledPlugins, (c) => new InstalledPlugins({ db: c.resolve(ScopedDb) }));
  },
  operations: () => ({}),
});
