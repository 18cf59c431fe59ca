import { randomBytes } from 'node:crypto';

import type { Hono } from 'hono';

import { authorize, type Graph, type GraphContext, type GraphEnv } from './graph-context.ts';
import { GraphError, invalidQuery, unsupportedQuery } from './graph-error.ts';
import { rights } from './permissions.ts';
import type { GraphObject, Tenant } from './tenant.ts';
import { defaultUserProperties, userProperties } from './user-properties.ts';

/** "Token duration": delta tokens of directory objects live seven days. */
const tokenLifetime = { hours: 24 * 7 } as const;
const pageSize = 100;
const maxFilteredIds = 50;

/** What the client asked for at the beginning of the round; the tokens carry it along. */
interface Tracking {
  readonly select: readonly string[];
  readonly onlyIds: ReadonlySet<string> | null;
}

interface DeltaState {
  readonly tenantId: string;
  readonly generation: number;
  readonly issuedAt: Temporal.Instant;
  readonly tracking: Tracking;
  /** Changes up to this revision are known to the client once the round is done. */
  readonly revision: number;
  /** What the following pages of this round hold; null in a delta token. */
  readonly rest: readonly DeltaItem[] | null;
}

type DeltaItem = { readonly id: string; readonly changed: ReadonlySet<string> | null; readonly isRemoved: boolean };

/** `GET /users/delta`: all users first, then only what changed since the token of the round before. */
export function addUserDeltaRoute(app: Hono<GraphEnv>, graph: Graph): void {
  const states = new Map<string, DeltaState>();
  app.get('/v1.0/users/delta', (context) => {
    authorize(graph, context, rights.readUsers);
    const state = stateOf(graph, context, states);
    return sendPage(graph, context, states, state);
  });
}

function stateOf(graph: Graph, context: GraphContext, states: Map<string, DeltaState>): DeltaState {
  const options = readOptions(context);
  const tenant = context.get('tenant');
  // The empty token of a reset's Location means the same as none.
  const token = options.get('$skiptoken') ?? (options.get('$deltatoken') || undefined);
  const fresh = {
    tenantId: tenant.id,
    generation: tenant.syncGeneration,
    issuedAt: graph.world.clock.now(),
    revision: tenant.revision,
  };
  if (token === undefined || token === 'latest') {
    const tracking = readTracking(options);
    return { ...fresh, tracking, rest: token === 'latest' ? [] : everyone(tenant, tracking) };
  }
  const state = states.get(token);
  if (state === undefined || state.tenantId !== tenant.id) throw unsupportedQuery('Badly formed token.');
  if (state.generation !== tenant.syncGeneration) {
    throw gone(graph, 'resyncRequired', 'Resync is required. Start again with a full synchronization.');
  }
  if (graph.world.clock.isPast(state.issuedAt.add(tokenLifetime))) {
    throw gone(graph, 'syncStateNotFound', 'The sync state generation is not found. The delta token is expired.');
  }
  if (state.rest !== null) return state;
  return { ...fresh, tracking: state.tracking, rest: changesSince(tenant, state) };
}

/** The only options of this function; $top, $orderby and $expand are documented as not supported. */
function readOptions(context: GraphContext): Map<string, string> {
  const options = new Map<string, string>();
  for (const [name, value] of new URL(context.req.url).searchParams) {
    const known = name.toLowerCase();
    if (!known.startsWith('$')) continue;
    if (!['$select', '$filter', '$skiptoken', '$deltatoken'].includes(known)) {
      throw invalidQuery(
        `The query specified in the URI is not valid. The query parameter '${name}' is not supported.`,
      );
    }
    options.set(known, value);
  }
  return options;
}

function readTracking(options: ReadonlyMap<string, string>): Tracking {
  const select = options.get('$select')?.split(',') ?? defaultUserProperties;
  const unknown = select.find((name) => !userProperties.has(name));
  if (unknown !== undefined) {
    throw invalidQuery(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`,
    );
  }
  return { select, onlyIds: readIds(options.get('$filter')) };
}

function readIds(filter: string | undefined): ReadonlySet<string> | null {
  if (filter === undefined) return null;
  const ids = filter.split(/\s+or\s+/i).map((part) => /^\s*id\s+eq\s+'([^']+)'\s*$/i.exec(part)?.[1]);
  if (ids.length > maxFilteredIds || ids.includes(undefined)) {
    throw unsupportedQuery('Unsupported or invalid query filter clause specified for delta query.');
  }
  return new Set(ids.filter((id) => id !== undefined));
}

function everyone(tenant: Tenant, tracking: Tracking): DeltaItem[] {
  return [...tenant.users.keys()]
    .filter((id) => tracking.onlyIds?.has(id) ?? true)
    .map((id) => ({ id, changed: null, isRemoved: false }));
}

/** One item a user, whose changed properties are those of all changes together; untracked changes do not count. */
function changesSince(tenant: Tenant, state: DeltaState): DeltaItem[] {
  const changed = new Map<string, Set<string>>();
  for (const change of tenant.changes) {
    if (change.revision <= state.revision) continue;
    if (state.tracking.onlyIds !== null && !state.tracking.onlyIds.has(change.userId)) continue;
    const isTracked = change.properties.some((name) => state.tracking.select.includes(name));
    if (change.kind === 'updated' && !isTracked) continue;
    const properties = changed.get(change.userId) ?? new Set();
    changed.set(change.userId, properties.union(new Set(change.properties)));
  }
  return [...changed].map(([id, properties]) => ({ id, changed: properties, isRemoved: !tenant.users.has(id) }));
}

function sendPage(graph: Graph, context: GraphContext, states: Map<string, DeltaState>, state: DeltaState): Response {
  const items = state.rest ?? [];
  const rest = items.slice(pageSize);
  const isMinimal = (context.req.header('Prefer') ?? '').includes('return=minimal');
  const keep = (kept: DeltaState) => {
    const token = randomBytes(36).toString('base64url');
    states.set(token, kept);
    return token;
  };
  const address = `${graph.baseUrl()}/v1.0/users/delta`;
  const link =
    rest.length > 0
      ? { '@odata.nextLink': `${address}?$skiptoken=${keep({ ...state, rest })}` }
      : { '@odata.deltaLink': `${address}?$deltatoken=${keep({ ...state, rest: null })}` };
  const value = items.slice(0, pageSize).map((item) => present(context.get('tenant'), item, state.tracking, isMinimal));
  return context.json({ '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#users`, ...link, value });
}

/** "If the property has never been set before it will not be included": null only where it was changed to null. */
function present(tenant: Tenant, item: DeltaItem, tracking: Tracking, isMinimal: boolean): GraphObject {
  const user = tenant.users.get(item.id);
  if (item.isRemoved || user === undefined) return { id: item.id, '@removed': { reason: 'changed' } };
  const shown: GraphObject = { id: item.id };
  for (const name of tracking.select) {
    const isChanged = item.changed?.has(name) ?? false;
    const value = user[name];
    if (value === undefined || (value === null && !isChanged)) continue;
    if (isMinimal && item.changed !== null && !isChanged) continue;
    shown[name] = value;
  }
  return shown;
}

/** "Synchronization reset": the address to start again from, with an empty token. */
function gone(graph: Graph, code: string, message: string): GraphError {
  return new GraphError(410, code, message, { Location: `${graph.baseUrl()}/v1.0/users/delta?$deltatoken=` });
}
