import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, type ClientId } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { connectionIdSchema, type ConnectionId, type ConnectionQueries } from '#modules/plugin-host';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { isKey } from './evidence.ts';
import { remoteScopeIdSchema, SCOPE_STATES, type RemoteScopeId } from './remote-scope.ts';
import { scopeNotFound } from './scope-queries.ts';
import type { PluginScopeTables } from './scope-table.ts';
import {
  toNamed,
  toScopeView,
  type discoveryView,
  type scopeCountsView,
  type ScopeNames,
  type ScopeView,
  type scopeWithHistoryView,
} from './scope-view.ts';

const filter = {
  connectionId: connectionIdSchema.optional(),
  clientId: clientIdSchema.optional(),
  search: text({ max: 100 }).optional(),
};
export const listScopesInput = z.object({
  ...pageInput,
  ...filter,
  states: z.array(z.enum(SCOPE_STATES)).max(SCOPE_STATES.length).optional(),
});
export const countScopesInput = z.object(filter);
export const getScopeInput = z.object({ scopeId: remoteScopeIdSchema });
export const getDiscoveryInput = z.object({ connectionId: connectionIdSchema });

/** All but the hints, which may hold thousands of serial numbers. */
const COLUMNS = [
  'msp_id',
  'id',
  'connection_id',
  'client_id',
  'site_id',
  'external_id',
  'name',
  'kind',
  'parent_external_id',
  'valid_until',
  'is_accessible',
  'mapping',
  'presence',
  'state',
  'candidate_ids',
  'declined_ids',
  'evidence',
  'is_automatic',
  'reads_enabled',
  'actions_enabled',
  'name_sort',
  'first_seen_at',
  'last_seen_at',
  'decided_at',
  'decided_by',
  'version',
] as const;

const MAX_HISTORY = 200;

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly connections: ConnectionQueries;
}

/** Reads scopes for screens: names beside ids, histories, counts. */
export class ScopeListQueries {
  readonly #db: ScopedDb<PluginScopeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginScopeTables>();
    this.#deps = deps;
  }

  /** Scopes by name. Throws `page.bad-cursor`. */
  async list(scope: TenantScope, input: z.output<typeof listScopesInput>): Promise<Page<ScopeView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('plugin_scope').select(COLUMNS);
      if (input.connectionId !== undefined) list = list.where('connection_id', '=', input.connectionId);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.states !== undefined) list = list.where('state', '=', sql<never>`any(${input.states}::text[])`);
      if (input.search !== undefined)
        list = list.where(
          sql<boolean>`(strpos(name_sort, lower(${input.search})) > 0 or external_id = ${input.search})`,
        );
      if (after !== null) list = list.where(sql<boolean>`(name_sort, id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy('name_sort')
        .orderBy('id')
        .limit(input.limit + 1);
    });
    const names = await this.#names(
      scope,
      rows.flatMap((row) => [...(row.client_id === null ? [] : [row.client_id]), ...row.candidate_ids]),
    );
    return toPage(
      rows,
      input.limit,
      (row) => toScopeView(row, names),
      (row) => [row.name_sort, row.id],
    );
  }

  /** Exact counts for the same filter, every state named. */
  async count(scope: TenantScope, input: z.output<typeof countScopesInput>): Promise<z.input<typeof scopeCountsView>> {
    const rows = await this.#db.read(scope, (query) => {
      let counted = query.selectFrom('plugin_scope');
      if (input.connectionId !== undefined) counted = counted.where('connection_id', '=', input.connectionId);
      if (input.clientId !== undefined) counted = counted.where('client_id', '=', input.clientId);
      if (input.search !== undefined)
        counted = counted.where(
          sql<boolean>`(strpos(name_sort, lower(${input.search})) > 0 or external_id = ${input.search})`,
        );
      return counted.select(['state', sql<number>`count(*)::int`.as('count')]).groupBy('state');
    });
    const counts = new Map(rows.map((row) => [row.state, row.count]));
    const byState = Object.fromEntries(SCOPE_STATES.map((state) => [state, counts.get(state) ?? 0]));
    return {
      total: rows.reduce((total, row) => total + row.count, 0),
      byState: byState as Record<(typeof SCOPE_STATES)[number], number>,
    };
  }

  /** One scope with what the vendor told of it and its history. Throws `plugin-scopes.scope-not-found`, also for another tenant's. */
  async get(scope: TenantScope, scopeId: RemoteScopeId): Promise<z.input<typeof scopeWithHistoryView>> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('plugin_scope').selectAll().where('id', '=', scopeId),
    );
    if (row === undefined) throw scopeNotFound();
    const events = await this.#db.read(scope, (query) =>
      query
        .selectFrom('plugin_scope_mapping_event')
        .selectAll()
        .where('scope_id', '=', scopeId)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(MAX_HISTORY),
    );
    const spokenOf = [row, ...events].flatMap((item) => (item.client_id === null ? [] : [item.client_id]));
    const names = await this.#names(scope, [...spokenOf, ...row.candidate_ids]);
    return {
      ...toScopeView(row, names),
      hints: row.hints
        .filter((hint) => isKey(hint) || hint.kind === 'email')
        .map(({ kind, value }) => ({ kind, value })),
      deviceCount: row.hints.filter((hint) => hint.kind === 'device-serial').length,
      history: events.map((event) => ({
        at: event.at.toString(),
        kind: event.kind,
        client: event.client_id === null ? null : toNamed(event.client_id, names),
        by: event.actor_label,
        reason: event.reason,
        evidence: [...event.evidence],
      })),
    };
  }

  /** How the latest discovery of a connection went, or null. Throws `plugin-host.connection-not-found`. */
  async discovery(scope: TenantScope, connectionId: ConnectionId): Promise<z.input<typeof discoveryView>> {
    await this.#deps.connections.byId(scope, connectionId);
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('plugin_scope_discovery').selectAll().where('connection_id', '=', connectionId),
    );
    if (row === undefined) return null;
    return {
      state: row.state,
      startedAt: row.started_at?.toString() ?? null,
      finishedAt: row.finished_at?.toString() ?? null,
      succeededAt: row.succeeded_at?.toString() ?? null,
      message: row.message,
      counts: 'listed' in row.counts ? row.counts : null,
    };
  }

  /** Names of clients, and of connections in reach: whoever sees a client's scope may know by what it is reached. */
  async #names(scope: TenantScope, clientIds: readonly ClientId[]): Promise<ScopeNames> {
    const clients = await this.#deps.clients.names(scope, [...new Set(clientIds)]);
    const connections = await this.#deps.connections.list(scope);
    return {
      clients: new Map(clients.map((client) => [client.id, client.name])),
      connections: new Map(connections.map(({ id, name, plugin }) => [id, { name, plugin }])),
    };
  }
}
