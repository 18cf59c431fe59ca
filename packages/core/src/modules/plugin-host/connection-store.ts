import { sql, type Insertable } from 'kysely';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import type { PluginId } from '#modules/plugins';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { connectionNotFound, type ConnectionRow } from './connection-queries.ts';
import type { ConnectionId, ConnectionState, PluginHostTables } from './plugin-host-table.ts';

type Tx = ScopedTransaction<PluginHostTables>;
type Change = Partial<Omit<Insertable<PluginHostTables['plugin_connection']>, 'msp_id' | 'id' | 'client_id'>>;

/** What two connections to the same account have in common. */
export interface Likeness {
  readonly id: ConnectionId;
  readonly pluginId: PluginId;
  readonly type: string;
  readonly account: string;
  readonly config: ConnectionRow['config'];
}

/** PostgreSQL's `unique_violation`. */
const TAKEN = '23505';

async function refuseTakenName<Result>(writing: Promise<Result>): Promise<Result> {
  try {
    return await writing;
  } catch (error) {
    if ((error as { code?: string }).code !== TAKEN) throw error;
    const message = 'is the name of another connection';
    throw new InvalidInputError('plugin-host.name-taken', `This ${message}.`, {
      fields: [{ path: ['name'], message }],
      cause: error,
    });
  }
}

/** The only writer of `plugin_connection`. */
export class ConnectionStore {
  /** Throws `plugin-host.name-taken`. */
  async insert(tx: Tx, connection: Insertable<PluginHostTables['plugin_connection']>): Promise<void> {
    await refuseTakenName(tx.query.insertInto('plugin_connection').values(connection).execute());
  }

  /** Other connections of the same kind that may be to the same account: signed in as the same, or configured the same. */
  async alike(
    tx: Tx,
    { id, pluginId, type, account, config }: Likeness,
  ): Promise<Pick<ConnectionRow, 'name' | 'account' | 'config'>[]> {
    return tx.query
      .selectFrom('plugin_connection')
      .select(['name', 'account', 'config'])
      .where('plugin_id', '=', pluginId)
      .where('type', '=', type)
      .where('id', '<>', id)
      .where('state', '<>', 'removed')
      .where(sql<boolean>`(account = ${account} or config = ${JSON.stringify(config)}::jsonb)`)
      .orderBy('created_at')
      .execute();
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

  /** What a person changed. Throws `plugin-host.connection-changed` when somebody else was first, `plugin-host.name-taken`. */
  async update(tx: Tx, id: ConnectionId, version: number, change: Change): Promise<void> {
    const result = await refuseTakenName(
      tx.query
        .updateTable('plugin_connection')
        .set({ ...change, version: version + 1 })
        .where('id', '=', id)
        .where('version', '=', version)
        .where('state', '<>', 'removed')
        .executeTakeFirst(),
    );
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
