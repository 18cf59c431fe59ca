import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ScopedDb } from '#platform/db/scoped-db';
import { FileStoreToken } from '#platform/files/tokens';
import { JobQueue } from '#platform/jobs/job-queue';
import { defineModule, provide, worker } from '#platform/module';
import { ChangePlugin } from './change-plugin.ts';
import { InstallPlugin } from './install-plugin.ts';
import { InstalledPlugins } from './installed-plugins.ts';
import { PackageStore } from './package-store.ts';
import { PluginCatalogueToken } from './plugin-catalogue-token.ts';
import { PluginPackages } from './plugin-packages.ts';
import { PluginQueries } from './plugin-queries.ts';
import { PluginStore } from './plugin-store.ts';
import { SweepPackages, sweepPackages } from './plugins-jobs.ts';
import { PluginUseToken } from './plugin-use-token.ts';
import { pluginsOperations } from './plugins-operations.ts';
import { pluginsPermissions } from './plugins-policy.ts';
import { PreviewPlugin } from './preview-plugin.ts';

/** What nearly every use case here is made of. */
function basics(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    store: c.resolve(PluginStore),
    packageStore: c.resolve(PackageStore),
    packages: c.resolve(PluginPackages),
    catalogue: c.resolve(PluginCatalogueToken),
    use: () => c.resolve(PluginUseToken),
    audit: c.resolve(AuditTrail),
    jobs: c.resolve(JobQueue),
    clock: c.resolve(ClockToken),
  };
}

export const pluginsModule = defineModule({
  name: 'plugins',
  tables: ['plugin'],
  permissions: pluginsPermissions,
  register(container) {
    provide(container, InstalledPlugins, (c) => new InstalledPlugins({ db: c.resolve(ScopedDb) }));
    provide(container, PluginStore, () => new PluginStore());
    provide(container, PackageStore, () => new PackageStore());
    provide(
      container,
      PluginPackages,
      (c) =>
        new PluginPackages({
          db: c.resolve(ScopedDb),
          store: c.resolve(PackageStore),
          files: c.resolve(FileStoreToken),
          catalogue: c.resolve(PluginCatalogueToken),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(container, PluginQueries, (c) => new PluginQueries(basics(c)));
    provide(
      container,
      PreviewPlugin,
      (c) => new PreviewPlugin({ ...basics(c), store: c.resolve(PackageStore), plugins: c.resolve(PluginStore) }),
    );
    provide(container, InstallPlugin, (c) => new InstallPlugin({ ...basics(c), preview: c.resolve(PreviewPlugin) }));
    provide(container, ChangePlugin, (c) => new ChangePlugin(basics(c)));
    provide(container, SweepPackages, (c) => new SweepPackages({ ...basics(c), store: c.resolve(PackageStore) }));
  },
  operations: (c) =>
    pluginsOperations({
      queries: c.resolve(PluginQueries),
      packages: c.resolve(PluginPackages),
      preview: c.resolve(PreviewPlugin),
      install: c.resolve(InstallPlugin),
      change: c.resolve(ChangePlugin),
    }),
  jobs: (c) => [worker(sweepPackages, (scope) => c.resolve(SweepPackages).run(scope))],
});
