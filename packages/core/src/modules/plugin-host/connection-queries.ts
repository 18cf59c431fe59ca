import type { Capabilities, Json } from '@bailiwick/sdk';
import type { ConnectionDescription, PluginDescription } from '@bailiwick/plugin-runtime';
import { sql, type Selectable } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { InstalledPlugin, InstalledPlugins, PluginId, PluginVersionId } from '#modules/plugins';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { ConnectionId, ConnectionState, PluginHostTables } from './plugin-host-table.ts';

export type ConnectionRow = Selectable<PluginHostTables['plugin_connection']>;

/** One authenticated account at a vendor, with the plugin version that speaks to it. */
export interface Connection {
  readonly id: ConnectionId;
  readonly name: string;
  readonly pluginId: PluginId;
  /** `bailiwick/zabbix`. */
  readonly plugin: string;
  readonly versionId: PluginVersionId;
  readonly version: string;
  readonly isPluginEnabled: boolean;
  readonly type: ConnectionDescription;
  readonly description: PluginDescription;
  /** Whose account it is; null is the MSP's own. */
  readonly clientId: ClientId | null;
  /** Without its secrets. */
  readonly config: Readonly<Record<string, Json>>;
  readonly state: ConnectionState;
  /** What the plugin asks for and the MSP has granted. */
  readonly capabilities: Capabilities;
}

/** Reads connections, never their secrets. Staff that are kept to some clients see those clients' own connections only. */
export class ConnectionQueries {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #plugins: InstalledPlugins;

  constructor(deps: { db: ScopedDb; plugins: InstalledPlugins }) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#plugins = deps.plugins;
  }

  /** One connection, in whatever state but removed. Throws `plugin-host.connection-not-found`, also for another tenant's. */
  async byId(scope: TenantScope, connectionId: ConnectionId, within?: AnyTransaction): Promise<Connection> {
    const [connection] = await this.#read(scope, { connectionId }, within);
    if (connection === undefined) throw connectionNotFound();
    return connection;
  }

  /** All connections by name; of one plugin where it is named. An MSP has some dozens, so there are no pages. */
  async list(
    scope: TenantScope,
    filter: { pluginId?: PluginId | undefined } = {},
    within?: AnyTransaction,
  ): Promise<Connection[]> {
    return this.#read(scope, filter, within);
  }

  async #read(
    scope: TenantScope,
    filter: { connectionId?: ConnectionId | undefined; pluginId?: PluginId | undefined },
    within: AnyTransaction | undefined,
  ): Promise<Connection[]> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        let query = tx.query.selectFrom('plugin_connection').selectAll().where('state', '<>', 'removed');
        if (filter.connectionId !== undefined) query = query.where('id', '=', filter.connectionId);
        if (filter.pluginId !== undefined) query = query.where('plugin_id', '=', filter.pluginId);
        const rows = await query
          .orderBy(sql`lower(name)`)
          .orderBy('id')
          .execute();
        const plugins = await this.#plugins.byIds(tx.scope, [...new Set(rows.map((row) => row.plugin_id))], tx);
        return rows.map((row) => toConnection(row, plugins.get(row.plugin_id)));
      },
      within,
    );
  }
}

/** A row with its plugin. Throws `plugin-host.type-gone` where the running version has no such type of connection. */
export function toConnection(row: ConnectionRow, plugin: InstalledPlugin | undefined): Connection {
  const type = plugin?.description.connections.find(({ name }) => name === row.type);
  if (plugin === undefined || type === undefined)
    throw new NotFoundError(
      'plugin-host.type-gone',
      `The plugin of the connection ${row.name} no longer has its type of connection.`,
    );
  return {
    id: row.id,
    name: row.name,
    pluginId: plugin.id,
    plugin: plugin.name,
    versionId: plugin.versionId,
    version: plugin.version,
    isPluginEnabled: plugin.state === 'enabled',
    type,
    description: plugin.description,
    clientId: row.client_id,
    config: row.config,
    // Removed ones are never read.
    state: row.state === 'removed' ? 'broken' : row.state,
    capabilities: plugin.capabilities,
  };
}

export function connectionNotFound(): NotFoundError {
  return new NotFoundError('plugin-host.connection-not-found', 'There is no such connection.');
}
