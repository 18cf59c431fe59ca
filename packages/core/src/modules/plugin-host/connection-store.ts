import { sql, type Insertable } from 'kysely';
import { ConflictError } from '#kernel/errors';
import type { PluginId } from '#modules/plugins';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { connectionNotFound, type ConnectionRow } from './connection-queries.ts';
import type { ConnectionId, ConnectionState, PluginHostTables } from './plugin-host-table.ts';

type Tx = ScopedTransaction<PluginHostTables>;
type Change = Partial<Omit<Insertable<PluginHostTables['plugin_connection']>, 'msp_id' | 'id' | 'client_id'>>;

/** The only writer of `plugin_connection`. */
export class ConnectionStore {
  async insert(tx: Tx, connection: Insertable<PluginHostTables['plugin_connection']>): Promise<void> {
    await tx.query.insertInto('plugin_connection').values(connection).execute();
  }

  /** The row, in whatever state but removed. Throws `plugin-host.connection-not-found`, also for another tenant's. */
  async get(tx: Tx, id: ConnectionId): Promise<ConnectionRow> {
    return this.#find(tx, id, false);
  }

  /** The same, locked for a change. */
  async forChange(tx: Tx, id: ConnectionId): Promise<ConnectionRow> {
    return this.#find(tx, id, true);
  }

  async ofPlugin(tx: Tx, pluginId: PluginId): Promise<ConnectionRow[]> {
    return tx.query
      .selectFrom('plugin_connection')
      .selectAll()
      .where('plugin_id', '=', pluginId)
      .orderBy('id')
      .forUpdate()
      .execute();
  }

  /** How many connections each plugin has. */
  async countByPlugin(tx: Tx): Promise<ReadonlyMap<PluginId, number>> {
    const rows = await tx.query
      .selectFrom('plugin_connection')
      .select(['plugin_id', sql<number>`count(*)::int`.as('count')])
      .where('state', '<>', 'removed')
      .groupBy('plugin_id')
      .execute();
    return new Map(rows.map(({ plugin_id, count }) => [plugin_id, count]));
  }

  /** What a person changed. Throws `plugin-host.connection-changed` when somebody else was first. */
  async update(tx: Tx, id: ConnectionId, version: number, change: Change): Promise<void> {
    const result = await tx.query
      .updateTable('plugin_connection')
      .set({ ...change, version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('state', '<>', 'removed')
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n)
      throw new ConflictError(
        'plugin-host.connection-changed',
        'Somebody else changed this connection meanwhile. Look at it again, then repeat your change.',
      );
  }

  /** What was found: who is signed in there, and whether it works. Not a person's change, so the version stays. */
  async note(
    tx: Tx,
    id: ConnectionId,
    found: Partial<Pick<ConnectionRow, 'account' | 'checked_at' | 'state_reason'>> & {
      state?: ConnectionState;
      warnings?: readonly string[];
    },
  ): Promise<void> {
    const { warnings, ...rest } = found;
    await tx.query
      .updateTable('plugin_connection')
      .set({ ...rest, ...(warnings === undefined ? {} : { warnings: JSON.stringify(warnings) }) })
      .where('id', '=', id)
      .where('state', '<>', 'removed')
      .execute();
  }

  /** Deletes the row, and with it what hangs on it; or keeps what others refer to. */
  async remove(tx: Tx, row: ConnectionRow, purge: boolean): Promise<void> {
    if (purge) {
      await tx.query.deleteFrom('plugin_connection').where('id', '=', row.id).execute();
      return;
    }
    for (const table of [
      'plugin_connection_secret',
      'plugin_authorization',
      'plugin_state',
      'plugin_issue',
      'plugin_health',
      'plugin_log',
    ] as const)
      await tx.query.deleteFrom(table).where('connection_id', '=', row.id).execute();
    await tx.query
      .updateTable('plugin_connection')
      .set({
        state: 'removed',
        state_reason: null,
        config: '{}',
        approvals: '[]',
        account: null,
        warnings: '[]',
        limits: null,
        version: row.version + 1,
      })
      .where('id', '=', row.id)
      .execute();
  }

  async #find(tx: Tx, id: ConnectionId, isLocked: boolean): Promise<ConnectionRow> {
    let query = tx.query
      .selectFrom('plugin_connection')
      .selectAll()
      .where('id', '=', id)
      .where('state', '<>', 'removed');
    if (isLocked) query = query.forUpdate();
    const row = await query.executeTakeFirst();
    if (row === undefined) throw connectionNotFound();
    return row;
  }
}
