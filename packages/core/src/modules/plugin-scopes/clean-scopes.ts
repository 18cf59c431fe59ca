import type { ConnectionCleaner } from '#modules/plugin-host';
import type { ScopeStore } from './scope-store.ts';
import type { PluginScopeTables } from './scope-table.ts';

/** What becomes of the scopes of a connection that is removed: gone with `purge`, else lost, so that nothing runs and all is kept. */
export function cleanScopes(store: ScopeStore): ConnectionCleaner {
  return {
    async clean(within, { connectionId, purge }) {
      const tx = within.typed<PluginScopeTables>();
      if (purge) return store.purge(tx, connectionId);
      const rows = await store.ofConnection(tx, connectionId);
      await store.setPresence(
        tx,
        rows.filter((row) => row.presence !== 'lost').map((row) => row.id),
        'lost',
      );
    },
  };
}
