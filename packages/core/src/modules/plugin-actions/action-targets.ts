import type { BoundScope } from '@bailiwick/sdk';
import type { ActionDescription } from '@bailiwick/plugin-runtime';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import type { ClientId, MspId } from '#kernel/id';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { Connection, ConnectionId, ConnectionQueries, MakePluginScope } from '#modules/plugin-host';
import { toBoundScope, type RemoteScope, type RemoteScopeId, type ScopeQueries, whyOff } from '#modules/plugin-scopes';
import type { EntityQueries } from '#modules/plugin-sync';
import { recordsIn } from './action-input.ts';
import type { ActionInput } from './actions-table.ts';
import { blastRadius, type BlastRadius } from './blast-radius.ts';

/** Where an action runs, once everything has allowed it. */
export interface ActionTarget {
  readonly connection: Connection;
  readonly action: ActionDescription;
  /** Null for an action on the whole connection. */
  readonly remote: RemoteScope | null;
  readonly bound: BoundScope | null;
  readonly clientId: ClientId | null;
}

interface Deps {
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly entities: EntityQueries;
  readonly makePluginScope: MakePluginScope;
}

/**
 * Says whether an action may be done where it is asked for, anew for every step: the connection works, the plugin was granted such actions, the scope is mapped to a client in the caller's
 * reach, and actions are on for it.
 */
export class ActionTargets {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws `plugin-actions.action-not-found`, `plugin-actions.scope-needed`, `plugin-actions.actions-off`, `plugin-scopes.scope-not-found`, `scope.needs-all-clients`. */
  async resolve(
    scope: TenantScope,
    wanted: { connectionId: ConnectionId; scopeId: RemoteScopeId | null; action: string },
  ): Promise<ActionTarget> {
    const remote = wanted.scopeId === null ? null : await this.#deps.scopes.byId(scope, wanted.scopeId);
    if (remote === null) requireWholeMsp(scope);
    if (remote !== null && remote.connectionId !== wanted.connectionId) throw actionNotFound();
    const connection = await this.connection(scope.mspId, wanted.connectionId);
    const action = connection.description.actions.find(
      (candidate) => candidate.name === wanted.action && candidate.connection === connection.type.name,
    );
    if (action === undefined) throw actionNotFound();
    if ((action.grain === 'scope') !== (remote !== null))
      throw new InvalidInputError(
        'plugin-actions.scope-needed',
        action.grain === 'scope' ? 'This action works on one scope.' : 'This action works on the whole connection.',
        { fields: [{ path: ['scopeId'], message: action.grain === 'scope' ? 'must be given' : 'must not be given' }] },
      );
    if (remote !== null) assertOn(remote);
    return {
      connection,
      action,
      remote,
      bound: remote === null ? null : toBoundScope(remote),
      clientId: remote?.clientId ?? connection.clientId,
    };
  }

  /** A connection whose scope, or which itself, the caller was seen to reach. */
  async connection(mspId: MspId, connectionId: ConnectionId): Promise<Connection> {
    return this.#deps.connections.byId(this.systemScope(mspId, connectionId), connectionId);
  }

  /** The scope in which the platform looks for a plugin, whoever asked. */
  systemScope(mspId: MspId, connectionId: ConnectionId): TenantScope {
    return this.#deps.makePluginScope(mspId, { id: connectionId, label: 'Bailiwick' });
  }

  /** Throws `plugin-actions.record-not-found` unless every record that the input names is one of the scope's: an account often holds other clients' too. */
  async assertOwnRecords(target: ActionTarget, mspId: MspId, input: ActionInput): Promise<void> {
    const named = recordsIn(target.action.input, input);
    const known = await this.#known(target, mspId, named);
    const found = new Set(known.map((record) => `${record.entity} ${record.externalId}`));
    const stranger = named.find((record) => !found.has(`${record.entity} ${record.id}`));
    if (stranger !== undefined)
      throw new InvalidInputError('plugin-actions.record-not-found', `There is no such ${stranger.entity} here.`, {
        fields: [
          { path: ['input', ...stranger.path.split('.')], message: `is no ${stranger.entity} that is known here` },
        ],
      });
  }

  /** What a plan reaches, by what is known here of the records that it names. */
  async blast(
    target: ActionTarget,
    mspId: MspId,
    affected: readonly { readonly entity: string; readonly id: string }[],
  ): Promise<BlastRadius> {
    const known = await this.#known(target, mspId, affected);
    return blastRadius(affected, known, await this.#reachOf(target, mspId));
  }

  async #known(target: ActionTarget, mspId: MspId, refs: readonly { readonly entity: string; readonly id: string }[]) {
    const { id: connectionId } = target.connection;
    const of = { connectionId, scopeId: target.remote?.id ?? null };
    const records = await this.#deps.entities.byExternalIds(this.systemScope(mspId, connectionId), of, refs);
    return records
      .filter((record) => record.deletedAt === null)
      .map(({ entity, externalId, scopeId, clientId }) => ({
        entity,
        externalId,
        scopeId,
        clientId: clientId as ClientId | null,
      }));
  }

  async #reachOf(target: ActionTarget, mspId: MspId): Promise<{ scopeIds: string[]; clientIds: ClientId[] }> {
    const { id: connectionId } = target.connection;
    const scopes =
      target.remote === null
        ? await this.#deps.scopes.all(this.systemScope(mspId, connectionId), connectionId)
        : [target.remote];
    return {
      scopeIds: scopes.map((scope) => scope.id),
      clientIds: [...new Set(scopes.flatMap((scope) => (scope.clientId === null ? [] : [scope.clientId])))],
    };
  }
}

/** Throws `plugin-actions.actions-off` unless the scope is mapped, accessible, and actions are on for its client. */
export function assertOn(remote: RemoteScope): void {
  const problem = whyOff(remote, 'actions');
  if (problem !== null) throw new ConflictError('plugin-actions.actions-off', problem);
}

function actionNotFound(): NotFoundError {
  return new NotFoundError('plugin-actions.action-not-found', 'There is no such action here.');
}
