import { z } from 'zod';
import { ConflictError } from '#kernel/errors';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { PackageStore } from './package-store.ts';
import { pluginChanged } from './plugin-events.ts';
import type { PluginPackages } from './plugin-packages.ts';
import type { PluginRow, PluginStore } from './plugin-store.ts';
import { pluginIdSchema, type PluginTables } from './plugin-table.ts';
import type { PluginUse } from './plugins-needs.ts';

export const changePluginInput = z.object({ pluginId: pluginIdSchema, rowVersion: z.int() });
export const uninstallPluginInput = changePluginInput.extend({
  /** True removes also everything that the plugin brought. */
  purge: z.boolean(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: PluginStore;
  readonly packageStore: PackageStore;
  readonly packages: PluginPackages;
  readonly use: () => PluginUse;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
}

type Input = z.output<typeof changePluginInput>;
type Tx = ScopedTransaction<PluginTables>;

/** Switches an installed plugin on and off, takes it back to the version before, and removes it. */
export class ChangePlugin {
  readonly #db: ScopedDb<PluginTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginTables>();
    this.#deps = deps;
  }

  /** Throws `plugins.plugin-not-found`, `plugins.plugin-changed`. */
  async enable(scope: TenantScope, input: Input): Promise<{ rowVersion: number }> {
    return this.#change(scope, input, 'enable', () => ({ state: 'enabled' as const }));
  }

  /** Nothing of the plugin runs until it is enabled again; connections and their data stay. Throws as `enable` does. */
  async disable(scope: TenantScope, input: Input): Promise<{ rowVersion: number }> {
    return this.#change(scope, input, 'disable', () => ({ state: 'disabled' as const }));
  }

  /** Back to the version before, which was consented to; rolling back again returns. Throws `plugins.no-version-before`, and as `enable` does. */
  async rollBack(scope: TenantScope, input: Input): Promise<{ rowVersion: number }> {
    return this.#change(scope, input, 'roll-back', (plugin) => {
      if (plugin.previous_version_id === null)
        throw new ConflictError('plugins.no-version-before', 'There is no version before this one to go back to.');
      return { version_id: plugin.previous_version_id, previous_version_id: plugin.version_id };
    });
  }

  /** Removes the plugin and its connections. With `purge` no row of it is left; without, what it brought is kept. Throws as `enable` does. */
  async uninstall(scope: TenantScope, input: z.output<typeof uninstallPluginInput>): Promise<void> {
    requireWholeMsp(scope);
    const { store, packageStore, packages, use } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const plugin = await store.forChange(tx, input.pluginId);
      await store.update(
        tx,
        { id: plugin.id, version: input.rowVersion },
        { state: 'removed', previous_version_id: null },
      );
      await use().removeConnections(tx, plugin.id, input.purge);
      const how = input.purge ? 'and everything that it brought' : 'and kept what it had brought';
      await this.#tell(tx, plugin, 'uninstall', `Removed the plugin ${plugin.name} ${how}`);
      if (!input.purge) return;
      await store.remove(tx, plugin.id);
      packages.removeFiles(tx, await packageStore.removeUnused(tx, { name: plugin.name }));
      await packageStore.unpinUnused(tx);
    });
  }

  async #change(
    scope: TenantScope,
    input: Input,
    verb: 'enable' | 'disable' | 'roll-back',
    decide: (plugin: PluginRow) => Partial<Pick<PluginRow, 'state' | 'version_id' | 'previous_version_id'>>,
  ): Promise<{ rowVersion: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const plugin = await this.#deps.store.forChange(tx, input.pluginId);
      await this.#deps.store.update(tx, { id: plugin.id, version: input.rowVersion }, decide(plugin));
      const done = { enable: 'Switched on', disable: 'Switched off', 'roll-back': 'Rolled back' }[verb];
      await this.#tell(tx, plugin, verb, `${done} the plugin ${plugin.name}`);
      return { rowVersion: input.rowVersion + 1 };
    });
  }

  async #tell(tx: Tx, plugin: PluginRow, verb: string, summary: string): Promise<void> {
    const { audit, jobs, use } = this.#deps;
    await audit.record(tx, {
      action: `plugins.${verb}-plugin`,
      subject: { kind: 'plugin', id: plugin.id, clientId: null },
      summary,
      before: { state: plugin.state, versionId: plugin.version_id },
    });
    await use().changed(tx, plugin.id);
    await jobs.publish(
      tx,
      pluginChanged,
      { aggregateId: plugin.id, version: plugin.version + 1 },
      { pluginId: plugin.id },
    );
  }
}
