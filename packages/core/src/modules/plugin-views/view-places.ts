import type { BoundScope, Slot } from '@bailiwick/sdk';
import type { FrameDescription, ViewDescription } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, type MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetId } from '#modules/assets';
import {
  connectionIdSchema,
  type Connection,
  type ConnectionId,
  type ConnectionQueries,
  type MakePluginScope,
} from '#modules/plugin-host';
import { toBoundScope, type RemoteScope, type RemoteScopeId, type ScopeQueries, whyOff } from '#modules/plugin-scopes';
import type { EntityQueries, RecordView } from '#modules/plugin-sync';
import type { PlacedView } from './view-view.ts';

export const listViewsInput = z.object({
  /** Views at a client. */
  clientId: clientIdSchema.optional(),
  /** Views at an asset, of the plugins that know it. */
  assetId: assetIdSchema.optional(),
  /** Views at a connection itself. */
  connectionId: connectionIdSchema.optional(),
  /** Widgets of the dashboard. */
  dashboard: z.boolean().default(false),
});

/** Where somebody wants to see a view. */
export interface WantedPlace {
  readonly connectionId: ConnectionId;
  readonly scopeId: RemoteScopeId | null;
}

/** A connection, and the scope of it, that the reader was seen to reach. */
export interface Place {
  readonly connection: Connection;
  readonly remote: RemoteScope | null;
  readonly bound: BoundScope | null;
}

interface Deps {
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly entities: EntityQueries;
  readonly makePluginScope: MakePluginScope;
}

/** Says which views stand where for a reader, and whether one may be drawn there. A client's data is reached through its own mapped scopes only. */
export class ViewPlaces {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Views and frames of connections that work, in the order of scopes and authors. Empty where nothing is named. Throws `plugin-host.connection-not-found`. */
  async list(scope: TenantScope, input: z.output<typeof listViewsInput>): Promise<PlacedView[]> {
    const { connections, scopes } = this.#deps;
    const parts: PlacedView[][] = [];
    if (input.clientId !== undefined)
      parts.push(
        await this.#ofScopes(scope.mspId, await scopes.enabledOfClient(scope, input.clientId), 'client.tab/v1'),
      );
    if (input.assetId !== undefined)
      parts.push(await this.#ofScopes(scope.mspId, await this.#scopesOf(scope, input.assetId), 'asset.tab/v1'));
    if (input.connectionId !== undefined)
      parts.push(viewsAt(await connections.byId(scope, input.connectionId), null, 'connection.tab/v1'));
    if (input.dashboard)
      for (const connection of await connections.list(scope))
        parts.push(viewsAt(connection, null, 'dashboard.widget/v1'));
    return parts.flat();
  }

  /**
   * The place, if the reader reaches it and it may be read now. Throws `plugin-scopes.scope-not-found`, `plugin-host.connection-not-found`, `plugin-views.reads-off`.
   */
  async resolve(scope: TenantScope, wanted: WantedPlace): Promise<Place> {
    const { connections, scopes } = this.#deps;
    if (wanted.scopeId === null) {
      const connection = await connections.byId(scope, wanted.connectionId);
      return { connection, remote: null, bound: null };
    }
    const remote = await scopes.byId(scope, wanted.scopeId);
    if (remote.connectionId !== wanted.connectionId) throw viewNotFound();
    assertReadable(remote);
    const connection = await connections.byId(this.#system(scope.mspId, remote.connectionId), remote.connectionId);
    return { connection, remote, bound: toBoundScope(remote) };
  }

  /** The id that an asset has at the vendor, for views at an asset; null for all others. Throws `plugin-views.asset-needed`, `plugin-views.asset-not-found`. */
  async deviceOf(
    scope: TenantScope,
    place: Place,
    { slot }: ViewDescription,
    assetId: AssetId | undefined,
  ): Promise<string | null> {
    if (slot !== 'asset.tab/v1') return null;
    if (assetId === undefined)
      throw new InvalidInputError('plugin-views.asset-needed', 'This view shows one asset.', {
        fields: [{ path: ['assetId'], message: 'must be given' }],
      });
    const records = await this.#recordsOf(scope, assetId);
    const record = records.find((candidate) => candidate.scopeId === place.remote?.id);
    if (record === undefined)
      throw new NotFoundError('plugin-views.asset-not-found', 'The plugin does not know this asset.');
    return record.externalId;
  }

  async #ofScopes(mspId: MspId, remotes: readonly RemoteScope[], slot: Slot): Promise<PlacedView[]> {
    const [first] = remotes;
    if (first === undefined) return [];
    // Whoever reaches a client's scope may see what stands there, also of a connection that is the whole MSP's.
    const all = await this.#deps.connections.list(this.#system(mspId, first.connectionId));
    const known = new Map(all.map((connection) => [connection.id, connection]));
    return remotes.flatMap((remote) => {
      const connection = known.get(remote.connectionId);
      return connection === undefined ? [] : viewsAt(connection, remote, slot);
    });
  }

  async #scopesOf(scope: TenantScope, assetId: AssetId): Promise<RemoteScope[]> {
    const records = await this.#recordsOf(scope, assetId);
    const clientId = records.find((record) => record.clientId !== null)?.clientId;
    if (clientId === undefined || clientId === null) return [];
    const ids = new Set<string>(records.map((record) => record.scopeId));
    const enabled = await this.#deps.scopes.enabledOfClient(scope, clientIdSchema.parse(clientId));
    return enabled.filter((remote) => ids.has(remote.id));
  }

  async #recordsOf(scope: TenantScope, assetId: AssetId): Promise<RecordView[]> {
    const records = await this.#deps.entities.ofThing(scope, { assetId });
    return records.filter((record) => record.deletedAt === null);
  }

  #system(mspId: MspId, connectionId: ConnectionId): TenantScope {
    return this.#deps.makePluginScope(mspId, { id: connectionId, label: 'Bailiwick' });
  }
}

/** Throws `plugin-views.reads-off` unless the scope is mapped to a client, accessible, and reading is on for it. */
function assertReadable(remote: RemoteScope): void {
  const problem = whyOff(remote, 'reads');
  if (problem !== null) throw new ConflictError('plugin-views.reads-off', problem);
}

/** Throws `plugin-views.scope-needed` unless a view of the slot is drawn for one scope exactly where it has one. */
export function assertFits(view: ViewDescription, place: Place): void {
  if (isScoped(view.slot) === (place.remote !== null)) return;
  const needs = isScoped(view.slot);
  throw new InvalidInputError(
    'plugin-views.scope-needed',
    needs ? 'This view shows one scope.' : 'This view shows the whole connection.',
    { fields: [{ path: ['scopeId'], message: needs ? 'must be given' : 'must not be given' }] },
  );
}

/** The view of that name. Throws `plugin-views.view-not-found`. */
export function viewOf({ description, type }: Connection, name: string): ViewDescription {
  const view = description.views.find((one) => one.name === name && one.connection === type.name);
  if (view === undefined) throw viewNotFound();
  return view;
}

/** The frame of that name, where the MSP granted such frames. Throws `plugin-views.view-not-found`, also while the connection does not work. */
export function frameOf(connection: Connection, name: string): FrameDescription {
  const frame = connection.description.frames.find((one) => one.name === name);
  if (frame === undefined || !isOffered(connection, frame)) throw viewNotFound();
  return frame;
}

function viewsAt(connection: Connection, remote: RemoteScope | null, slot: Slot): PlacedView[] {
  if (!isWorking(connection)) return [];
  const { description, type, capabilities } = connection;
  const views = description.views.filter(
    (view) => view.connection === type.name && view.slot === slot && capabilities.views?.includes(slot) === true,
  );
  const frames = description.frames.filter((frame) => frame.slot === slot && isOffered(connection, frame));
  const at = { connectionId: connection.id, scopeId: remote?.id ?? null, place: remote?.name ?? connection.name };
  return [
    ...views.map(({ name, label }) => ({ ...at, kind: 'view' as const, name, label, slot, view: name })),
    ...frames.map(({ name, label, view }) => ({ ...at, kind: 'frame' as const, name, label, slot, view })),
  ];
}

/** A frame shows what its view answers, so both have to be granted, and to be bound alike. */
function isOffered(connection: Connection, frame: FrameDescription): boolean {
  const { description, type, capabilities } = connection;
  const view = description.views.find((one) => one.name === frame.view && one.connection === type.name);
  return (
    isWorking(connection) &&
    frame.connection === type.name &&
    view !== undefined &&
    isScoped(view.slot) === isScoped(frame.slot) &&
    capabilities.frames?.includes(frame.slot) === true &&
    capabilities.views?.includes(view.slot) === true
  );
}

function isWorking(connection: Connection): boolean {
  return connection.isPluginEnabled && connection.state === 'active';
}

function isScoped(slot: Slot): boolean {
  return slot === 'client.tab/v1' || slot === 'asset.tab/v1';
}

export function viewNotFound(): NotFoundError {
  return new NotFoundError('plugin-views.view-not-found', 'There is no such view here.');
}
