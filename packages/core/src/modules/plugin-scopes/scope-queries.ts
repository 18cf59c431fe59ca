import type { Kysely, Selectable } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ConnectionId } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { RemoteScope, RemoteScopeId } from './remote-scope.ts';
import type { PluginScopeTables } from './scope-table.ts';

const COLUMNS = [
  'id',
  'connection_id',
  'external_id',
  'name',
  'kind',
  'state',
  'client_id',
  'site_id',
  'is_accessible',
  'reads_enabled',
  'actions_enabled',
] as const;
type Row = Pick<Selectable<PluginScopeTables['plugin_scope']>, (typeof COLUMNS)[number]>;

/** Answers which scopes there are and which may be worked with. Scopes without a client are for reach `all` only. */
export class ScopeQueries {
  readonly #db: ScopedDb<PluginScopeTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<PluginScopeTables>();
  }

  /** The scopes of a connection that may be read: mapped, accessible, reads on. In order of their names. */
  async enabled(scope: TenantScope, connectionId: ConnectionId, within?: AnyTransaction): Promise<RemoteScope[]> {
    return this.#read(
      scope,
      (query) =>
        ofConnection(query, connectionId)
          .where('state', '=', 'mapped')
          .where('reads_enabled', '=', true)
          .where('is_accessible', '=', true),
      within,
    );
  }

  /** All scopes of a connection, in order of their names. */
  async all(scope: TenantScope, connectionId: ConnectionId, within?: AnyTransaction): Promise<RemoteScope[]> {
    return this.#read(scope, (query) => ofConnection(query, connectionId), within);
  }

  /** The scopes of a client over all connections that may be read, in order of their names. */
  async enabledOfClient(scope: TenantScope, clientId: ClientId, within?: AnyTransaction): Promise<RemoteScope[]> {
    return this.#read(
      scope,
      (query) =>
        ordered(query)
          .where('client_id', '=', clientId)
          .where('state', '=', 'mapped')
          .where('reads_enabled', '=', true)
          .where('is_accessible', '=', true),
      within,
    );
  }

  /** The connections at which an action may be asked for on a scope in reach: mapped, accessible, actions on. */
  async connectionsWithActions(scope: TenantScope): Promise<ConnectionId[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('plugin_scope')
        .select('connection_id')
        .distinct()
        .where('client_id', 'is not', null)
        .where('state', '=', 'mapped')
        .where('actions_enabled', '=', true)
        .where('is_accessible', '=', true),
    );
    return rows.map((row) => row.connection_id);
  }

  /** One scope. Throws `plugin-scopes.scope-not-found`, also for another tenant's. */
  async byId(scope: TenantScope, scopeId: RemoteScopeId, within?: AnyTransaction): Promise<RemoteScope> {
    const [found] = await this.#read(scope, (query) => ordered(query).where('id', '=', scopeId), within);
    if (found === undefined) throw scopeNotFound();
    return found;
  }

  async #read(
    scope: TenantScope,
    build: (query: Kysely<PluginScopeTables>) => ReturnType<typeof ordered>,
    within: AnyTransaction | undefined,
  ): Promise<RemoteScope[]> {
    const rows =
      within === undefined
        ? await this.#db.read(scope, build)
        : await build(within.typed<PluginScopeTables>().query).execute();
    return rows.map(toRemoteScope);
  }
}

function ordered(query: Kysely<PluginScopeTables>) {
  return query.selectFrom('plugin_scope').select(COLUMNS).orderBy('name_sort').orderBy('id');
}

function ofConnection(query: Kysely<PluginScopeTables>, connectionId: ConnectionId) {
  return ordered(query).where('connection_id', '=', connectionId);
}

export function scopeNotFound(): NotFoundError {
  return new NotFoundError('plugin-scopes.scope-not-found', 'There is no such scope.');
}

function toRemoteScope(row: Row): RemoteScope {
  return {
    id: row.id,
    connectionId: row.connection_id,
    externalId: row.external_id,
    name: row.name,
    kind: row.kind,
    state: row.state,
    clientId: row.client_id,
    siteId: row.site_id,
    isAccessible: row.is_accessible,
    readsEnabled: row.reads_enabled,
    actionsEnabled: row.actions_enabled,
  };
}
