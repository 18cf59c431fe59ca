import type { ClientId } from '#kernel/id';
import type { ConnectionId } from '#modules/plugin-host';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DiscoveryCounts, PluginScopeTables } from './scope-table.ts';

/** The only writer of `plugin_scope_discovery`: how the latest discovery of each connection goes. */
export class DiscoveryStore {
  async start(
    tx: ScopedTransaction<PluginScopeTables>,
    connection: { id: ConnectionId; clientId: ClientId | null },
    at: Temporal.Instant,
  ): Promise<void> {
    const change = { state: 'running' as const, started_at: at, finished_at: null, message: '' };
    await tx.query
      .insertInto('plugin_scope_discovery')
      .values({ msp_id: tx.scope.mspId, connection_id: connection.id, client_id: connection.clientId, ...change })
      .onConflict((conflict) => conflict.columns(['msp_id', 'connection_id']).doUpdateSet(change))
      .execute();
  }

  async finish(
    tx: ScopedTransaction<PluginScopeTables>,
    connectionId: ConnectionId,
    end: { state: 'done' | 'refused' | 'failed'; at: Temporal.Instant; message: string; counts?: DiscoveryCounts },
  ): Promise<void> {
    await tx.query
      .updateTable('plugin_scope_discovery')
      .set({
        state: end.state,
        finished_at: end.at,
        message: end.message,
        ...(end.state === 'done' ? { succeeded_at: end.at } : {}),
        ...(end.counts === undefined ? {} : { counts: JSON.stringify(end.counts) }),
      })
      .where('connection_id', '=', connectionId)
      .execute();
  }
}
