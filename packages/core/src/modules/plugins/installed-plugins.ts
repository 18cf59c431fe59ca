import type { Capabilities, PluginManifest } from '@bailiwick/sdk';
import type { PluginDescription } from '@bailiwick/plugin-runtime';
import { NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { PluginId, PluginState, PluginTables, PluginTier, PluginVersionId } from './plugin-table.ts';

/** A plugin of an MSP in the version that runs. */
export interface InstalledPlugin {
  readonly id: PluginId;
  /** `bailiwick/zabbix`. */
  readonly name: string;
  readonly state: PluginState;
  readonly versionId: PluginVersionId;
  readonly version: string;
  /** Of the packed file. */
  readonly digest: string;
  readonly tier: PluginTier;
  readonly manifest: PluginManifest;
  readonly description: PluginDescription;
  /** What it asks for and the MSP has granted. */
  readonly capabilities: Capabilities;
}

/** Reads which plugins run, for the modules above. */
export class InstalledPlugins {
  readonly #db: ScopedDb<PluginTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<PluginTables>();
  }

  /** One plugin, also a disabled or removed one. Throws `plugins.plugin-not-found`, also for another tenant's. */
  async byId(scope: TenantScope, pluginId: PluginId, within?: AnyTransaction): Promise<InstalledPlugin> {
    const [plugin] = await this.#read(scope, [pluginId], within);
    if (plugin === undefined) throw pluginNotFound();
    return plugin;
  }

  /** Those of the plugins that there are, by their ids. */
  async byIds(
    scope: TenantScope,
    pluginIds: readonly PluginId[],
    within?: AnyTransaction,
  ): Promise<ReadonlyMap<PluginId, InstalledPlugin>> {
    if (pluginIds.length === 0) return new Map();
    const plugins = await this.#read(scope, pluginIds, within);
    return new Map(plugins.map((plugin) => [plugin.id, plugin]));
  }

  async #read(
    scope: TenantScope,
    pluginIds: readonly PluginId[],
    within: AnyTransaction | undefined,
  ): Promise<InstalledPlugin[]> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const rows = await tx.query
          .selectFrom('plugin')
          .innerJoin('plugin_version', (join) =>
            join
              .onRef('plugin_version.msp_id', '=', 'plugin.msp_id')
              .onRef('plugin_version.id', '=', 'plugin.version_id'),
          )
          .innerJoin('plugin_package', (join) =>
            join
              .onRef('plugin_package.msp_id', '=', 'plugin.msp_id')
              .onRef('plugin_package.id', '=', 'plugin_version.package_id'),
          )
          .select([
            'plugin.id',
            'plugin.name',
            'plugin.state',
            'plugin.version_id',
            'plugin_version.grants',
            'plugin_package.version',
            'plugin_package.digest',
            'plugin_package.tier',
            'plugin_package.manifest',
            'plugin_package.description',
          ])
          .where('plugin.id', 'in', [...pluginIds])
          .execute();
        return rows.map(({ version_id, grants, ...row }) => ({ ...row, versionId: version_id, capabilities: grants }));
      },
      within,
    );
  }
}

export function pluginNotFound(): NotFoundError {
  return new NotFoundError('plugins.plugin-not-found', 'There is no such plugin.');
}
