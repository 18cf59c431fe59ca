import type { ConnectionId } from '#modules/plugin-host';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { PluginEventTables } from './events-table.ts';

type Tx = ScopedTransaction<PluginEventTables>;
/** What waits for its turn: from a vendor, or for a plugin. */
type WaitingTable = 'plugin_delivery' | 'plugin_event_delivery';

/** Gives those their turn that wait for their connection; answers their ids. */
export async function wakeRows<Id extends string>(
  tx: Tx,
  table: WaitingTable,
  connectionId: ConnectionId,
  at: Temporal.Instant,
): Promise<Id[]> {
  const rows = await tx.sql<{ id: Id }>(
    `update ${table} set next_at = $3 where msp_id = $1 and connection_id = $2 and state = 'waiting' and next_at is null returning id`,
    [tx.scope.mspId, connectionId, at],
  );
  return rows.map(({ id }) => id);
}

/** Those whose turn was long ago: their job is lost. */
export async function overdueRows<Id extends string>(
  tx: Tx,
  table: WaitingTable,
  before: Temporal.Instant,
  limit: number,
): Promise<Id[]> {
  const rows = await tx.sql<{ id: Id }>(
    `select id from ${table} where msp_id = $1 and state = 'waiting' and next_at <= $2 order by next_at limit $3`,
    [tx.scope.mspId, before, limit],
  );
  return rows.map(({ id }) => id);
}
