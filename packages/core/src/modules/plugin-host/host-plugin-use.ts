import type { Bundle, PluginDescription } from '@bailiwick/plugin-runtime';
import { ConflictError } from '#kernel/errors';
import type { MspId } from '#kernel/id';
import type { InstalledPlugins, PluginId, PluginUse } from '#modules/plugins';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { ChangeConnection } from './change-connection.ts';
import type { ConnectionStore } from './connection-store.ts';
import { connectionChanged } from './plugin-host-events.ts';
import type { PluginHostTables } from './plugin-host-table.ts';
import type { PluginRunner } from './plugin-runner.ts';

interface Deps {
  readonly store: ConnectionStore;
  readonly plugins: InstalledPlugins;
  readonly change: ChangeConnection;
  readonly runner: PluginRunner;
  readonly jobs: JobQueue;
}

/** What installing and removing plugins means for their connections and sandboxes. */
export class HostPluginUse implements PluginUse {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async describe(_mspId: MspId, bundle: Bundle): Promise<PluginDescription> {
    return this.#deps.runner.describe(bundle);
  }

  /** Throws `plugin-host.type-in-use` where the version that is to run has no such type of connection as one that is there. */
  async changed(within: AnyTransaction, pluginId: PluginId): Promise<void> {
    const { store, plugins, jobs, runner } = this.#deps;
    const tx = within.typed<PluginHostTables>();
    const plugin = await plugins.byId(tx.scope, pluginId, tx);
    const connections = (await store.ofPlugin(tx, pluginId)).filter(({ state }) => state !== 'removed');
    const types = new Set(plugin.description.connections.map(({ name }) => name));
    const orphan = connections.find(({ type }) => !types.has(type));
    if (orphan !== undefined)
      throw new ConflictError(
        'plugin-host.type-in-use',
        `Version ${plugin.version} no longer has the type of the connection ${orphan.name}. Remove that connection first.`,
      );
    for (const { id } of connections)
      await jobs.publish(tx, connectionChanged, { aggregateId: id, version: 0 }, { connectionId: id });
    // Whatever still runs of another state or version was allowed when it began, and is not any more.
    if (plugin.state !== 'enabled')
      tx.onCommit(() => void runner.stop(tx.scope.mspId, plugin.versionId).catch(() => {}));
  }

  async removeConnections(within: AnyTransaction, pluginId: PluginId, purge: boolean): Promise<void> {
    const tx = within.typed<PluginHostTables>();
    for (const row of await this.#deps.store.ofPlugin(tx, pluginId))
      if (purge || row.state !== 'removed') await this.#deps.change.removeRow(tx, row, purge);
  }

  async countConnections(within: AnyTransaction): Promise<ReadonlyMap<PluginId, number>> {
    return this.#deps.store.countByPlugin(within.typed<PluginHostTables>());
  }
}
