import type { CoreEvent } from '@bailiwick/sdk';
import type { Selectable } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import { newId, type ClientId } from '#kernel/id';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { LEASE } from './delivery-store.ts';
import type { EventDeliveryId, EventDeliveryState, PluginEventTables } from './events-table.ts';
import { overdueRows, wakeRows } from './waiting-rows.ts';

type Tx = ScopedTransaction<PluginEventTables>;
export type EventDeliveryRow = Selectable<PluginEventTables['plugin_event_delivery']>;

/** Who is told of an event. */
export interface EventTarget {
  readonly connectionId: ConnectionId;
  readonly subscriber: string;
  readonly scopeId: RemoteScopeId | null;
  readonly event: CoreEvent;
}

/** The only writer of `plugin_event_delivery`. */
export class EventDeliveryStore {
  /** Notes who is to be told. Who is noted already is not noted again. */
  async add(
    tx: Tx,
    clientId: ClientId,
    targets: readonly EventTarget[],
    at: Temporal.Instant,
  ): Promise<EventDeliveryId[]> {
    if (targets.length === 0) return [];
    const rows = await tx.query
      .insertInto('plugin_event_delivery')
      .values(
        targets.map(({ connectionId, subscriber, scopeId, event }) => ({
          msp_id: tx.scope.mspId,
          id: newId<'plugin-event-delivery'>(),
          client_id: clientId,
          connection_id: connectionId,
          scope_id: scopeId,
          subscriber,
          event_id: event.id,
          event_name: event.name,
          event: JSON.stringify(event),
          state: 'waiting' as const,
          next_at: at,
          lease_until: null,
          created_at: at,
          ended_at: null,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'connection_id', 'subscriber', 'scope_id', 'event_id']).doNothing(),
      )
      .returning('id')
      .execute();
    return rows.map(({ id }) => id);
  }

  /** Takes one that waits for one worker; undefined where it has ended, is gone, or another one has it. */
  async take(tx: Tx, id: EventDeliveryId, now: Temporal.Instant): Promise<EventDeliveryRow | undefined> {
    return tx.query
      .updateTable('plugin_event_delivery')
      .set((set) => ({ lease_until: now.add(LEASE), attempts: set('attempts', '+', 1) }))
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
      .returningAll()
      .executeTakeFirst();
  }

  /** Puts it back: for its next try, or (`nextAt` null) until its connection is on. The latter is no try. */
  async wait(tx: Tx, id: EventDeliveryId, message: string, nextAt: Temporal.Instant | null): Promise<void> {
    await tx.query
      .updateTable('plugin_event_delivery')
      .set((set) => ({
        lease_until: null,
        next_at: nextAt,
        message,
        ...(nextAt === null ? { attempts: set('attempts', '-', 1) } : {}),
      }))
      .where('id', '=', id)
      .execute();
  }

  async end(
    tx: Tx,
    id: EventDeliveryId,
    end: { state: Exclude<EventDeliveryState, 'waiting'>; message: string },
    at: Temporal.Instant,
  ): Promise<void> {
    await tx.query
      .updateTable('plugin_event_delivery')
      .set({
        state: end.state,
        message: end.message.slice(0, 1000),
        next_at: null,
        lease_until: null,
        ended_at: at,
      })
      .where('id', '=', id)
      .execute();
  }

  /** Has one that failed tried again, from the first try on. False where it is in another state. Throws `plugin-events.event-delivery-not-found`. */
  async revive(tx: Tx, id: EventDeliveryId, at: Temporal.Instant): Promise<boolean> {
    const row = await tx.query
      .selectFrom('plugin_event_delivery')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined)
      throw new NotFoundError('plugin-events.event-delivery-not-found', 'There is no such delivery of an event.');
    const revived = await tx.query
      .updateTable('plugin_event_delivery')
      .set({ state: 'waiting', attempts: 0, next_at: at, lease_until: null, ended_at: null, message: '' })
      .where('id', '=', id)
      .where('state', '=', 'failed')
      .executeTakeFirst();
    return revived.numUpdatedRows === 1n;
  }

  /** Takes up those that wait for their connection. */
  async wake(tx: Tx, connectionId: ConnectionId, at: Temporal.Instant): Promise<EventDeliveryId[]> {
    return wakeRows(tx, 'plugin_event_delivery', connectionId, at);
  }

  /** Those whose turn was long ago: their job is lost. */
  async overdue(tx: Tx, before: Temporal.Instant, limit: number): Promise<EventDeliveryId[]> {
    return overdueRows(tx, 'plugin_event_delivery', before, limit);
  }

  async forget(tx: Tx, before: Temporal.Instant): Promise<void> {
    await tx.query.deleteFrom('plugin_event_delivery').where('created_at', '<', before).execute();
  }

  /** Tells nobody of a connection that is gone. */
  async drop(tx: Tx, connectionId: ConnectionId, at: Temporal.Instant): Promise<void> {
    await tx.query
      .updateTable('plugin_event_delivery')
      .set({ state: 'dropped', message: 'The connection was removed.', next_at: null, lease_until: null, ended_at: at })
      .where('connection_id', '=', connectionId)
      .where('state', '=', 'waiting')
      .execute();
  }
}
