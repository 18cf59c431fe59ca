import type { ActionEffect } from '@bailiwick/sdk';
import type { ActionDescription } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import { DomainError } from '#kernel/errors';
import { clientIdSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { connectionIdSchema, type Connection, type ConnectionId, type ConnectionQueries } from '#modules/plugin-host';
import { remoteScopeIdSchema, type RemoteScope, type ScopeQueries } from '#modules/plugin-scopes';
import { assertOn, type ActionTargets } from './action-targets.ts';
import type { ActionView } from './run-view.ts';

export const listActionsInput = z.object({
  /** Actions of one scope. */
  scopeId: remoteScopeIdSchema.optional(),
  /** Actions of every scope of a client. */
  clientId: clientIdSchema.optional(),
  /** Actions on a connection itself. */
  connectionId: connectionIdSchema.optional(),
  /** Only those that are offered on such a record: `device`. */
  target: z.string().max(200).optional(),
});

/** From the weakest to the strongest. */
const EFFECTS: readonly ActionEffect[] = ['read', 'create', 'update', 'delete', 'execute'];

interface Deps {
  readonly targets: ActionTargets;
  readonly scopes: ScopeQueries;
  readonly connections: ConnectionQueries;
}

/** Lists which actions there are where, and why one cannot be asked for now. */
export class ActionCatalogue {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Actions that the plugins were granted, in the order of their authors. Empty where nothing is named. Throws `plugin-scopes.scope-not-found`, `plugin-host.connection-not-found`. */
  async list(scope: TenantScope, input: z.output<typeof listActionsInput>): Promise<ActionView[]> {
    const { scopes, targets, connections } = this.#deps;
    const remotes = [
      ...(input.scopeId === undefined ? [] : [await scopes.byId(scope, input.scopeId)]),
      ...(input.clientId === undefined ? [] : await scopes.enabledOfClient(scope, input.clientId)),
    ];
    const known = new Map<ConnectionId, Connection>();
    for (const { connectionId } of remotes)
      if (!known.has(connectionId)) known.set(connectionId, await targets.connection(scope.mspId, connectionId));
    const views = remotes.flatMap((remote) => {
      const connection = known.get(remote.connectionId);
      return connection === undefined ? [] : viewsOf(connection, remote, input.target);
    });
    if (input.connectionId === undefined) return views;
    const connection = await connections.byId(scope, input.connectionId);
    return [...views, ...viewsOf(connection, null, input.target)];
  }
}

function viewsOf(connection: Connection, remote: RemoteScope | null, target: string | undefined): ActionView[] {
  const grain = remote === null ? 'connection' : 'scope';
  return connection.description.actions
    .filter((action) => action.connection === connection.type.name && action.grain === grain)
    .filter((action) => target === undefined || action.target === target)
    .filter((action) => isGranted(action.effect, connection.capabilities.actions))
    .map((action) => toView(action, connection, remote));
}

function toView(action: ActionDescription, connection: Connection, remote: RemoteScope | null): ActionView {
  return {
    connectionId: connection.id,
    scopeId: remote?.id ?? null,
    name: action.name,
    label: action.label,
    help: action.help ?? null,
    effect: action.effect,
    grain: action.grain,
    target: action.target ?? null,
    fields: { ...action.input } as ActionView['fields'],
    canUndo: action.canUndo,
    unavailable: problemOf(connection, remote),
  };
}

function problemOf(connection: Connection, remote: RemoteScope | null): string | null {
  if (!connection.isPluginEnabled) return `The plugin ${connection.plugin} is switched off.`;
  if (connection.state !== 'active') return `The connection ${connection.name} is ${connection.state}.`;
  if (remote === null) return null;
  try {
    assertOn(remote);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

function isGranted(effect: ActionEffect, granted: ActionEffect | undefined): boolean {
  return granted !== undefined && EFFECTS.indexOf(effect) <= EFFECTS.indexOf(granted);
}
