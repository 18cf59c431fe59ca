import type { ConnectionType } from './connection-type.ts';
import type { Context } from './context.ts';
import type { EntityData, EntityType, OwnEntityType } from './entity.ts';
import type { ConfigOf, Json, Shape } from './field.ts';

/** One record, as it is now at the vendor. */
export interface RecordUpsert<E extends EntityType | OwnEntityType = EntityType> {
  /** The vendor's id: unique within the scope, never empty, always a text. */
  readonly id: string;
  /** Which scope it belongs to: required in streams of grain `connection`, absent in others. */
  readonly scope?: string;
  readonly data: EntityData<E>;
  /** What changes all the time (uptime, last sync): kept, but no change by itself. `seenAt` of a `device` (an instant) says when the vendor last heard of it: its asset is online by that. */
  readonly observed?: Readonly<Record<string, Json>>;
}

/** A record that the vendor says is gone. */
export interface RecordDelete {
  readonly id: string;
  readonly scope?: string;
}

/** What one page of the vendor becomes. The host writes it and its cursor together, or not at all. */
export interface Batch<E extends EntityType | OwnEntityType = EntityType> {
  readonly upserts: readonly RecordUpsert<E>[];
  readonly deletes?: readonly RecordDelete[];
  /** Where a run goes on from if it is stopped after this batch; JSON, 8 KiB. */
  readonly cursor?: Json;
  /** How far the run is, for people. */
  readonly progress?: { readonly done: number; readonly total?: number };
}

/** A read. The host calls it, pulls one batch at a time, and keeps what it was given. */
export interface Stream<S extends Shape = Shape, E extends EntityType | OwnEntityType = EntityType | OwnEntityType> {
  /** Kebab case; never changes. */
  readonly name: string;
  readonly label: string;
  readonly entity: E;
  /**
   * `full`: each pass lists everything, and what it did not list is gone. `incremental`: a pass lists what changed since the cursor, and says what is gone.
   * `live`: like incremental, for samples and events that never go.
   */
  readonly mode: 'full' | 'incremental' | 'live';
  /**
   * For `full` streams of what comes and goes, such as the alerts that are open now: that many of them, or all, are gone at once is normal there. Absent: where
   * more than a fifth is gone, it is kept until a person accepts it.
   */
  readonly comesAndGoes?: boolean;
  /** `scope`: once for each mapped and enabled scope. `connection`: once for the account, and each record names its scope. */
  readonly grain: 'connection' | 'scope';
  /** How often, ISO 8601: `PT5M`. The operator may slow it down. Not shorter than PT30S. */
  readonly every: string;
  /** Raise it when the cursor's shape changes: the host then starts from nothing instead of handing over an old one. */
  readonly cursorVersion?: number;
  read(ctx: Context<ConfigOf<S>>, cursor: Json | undefined): AsyncIterable<Batch<E>>;
}

/**
 * Defines a read for a connection type.
 *
 * @example
 * const devices = defineStream(account, {
 *   name: 'devices',
 *   label: 'Devices',
 *   entity: 'device',
 *   mode: 'full',
 *   grain: 'scope',
 *   every: 'PT15M',
 *   async *read(ctx) {
 *     const { items } = await ctx.http.get<{ items: { id: number; name: string }[] }>(`sites/${scopeOf(ctx).id}/devices`);
 *     yield { upserts: items.map((item) => ({ id: String(item.id), data: { name: item.name } })) };
 *   },
 * });
 */
export function defineStream<S extends Shape, const E extends EntityType | OwnEntityType>(
  connection: ConnectionType<S>,
  stream: Stream<S, E>,
): BoundTo<Stream<S, E>> {
  return { ...stream, connection: connection.name };
}

/** A contribution together with the name of its connection type. */
export type BoundTo<Contribution> = Contribution & { readonly connection: string };
