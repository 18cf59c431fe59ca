import type { Bundle, PluginDescription } from '@bailiwick/plugin-runtime';
import type { MspId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { PluginId } from './plugin-table.ts';

/** What this module needs of the one above it, which runs plugins and holds their connections. */
export interface PluginUse {
  /** What the bundle says of itself when it runs once, in a sandbox of its own. Throws `CallFailed`. */
  describe(mspId: MspId, bundle: Bundle): Promise<PluginDescription>;
  /** Another version runs from now on, or none: raises and closes what follows from it. Called in the transaction. */
  changed(tx: AnyTransaction, pluginId: PluginId): Promise<void>;
  /** Removes all connections of the plugin with their secrets; with `purge` also what they brought. */
  removeConnections(tx: AnyTransaction, pluginId: PluginId, purge: boolean): Promise<void>;
  /** How many connections each plugin has. */
  countConnections(tx: AnyTransaction): Promise<ReadonlyMap<PluginId, number>>;
}
