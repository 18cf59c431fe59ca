import type { AlertEvent, CoreEvent, CoreEventName } from '@bailiwick/sdk';
import type { SubscriberDescription } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AlertId } from '#modules/alerts';
import type { Connection, ConnectionQueries } from '#modules/plugin-host';
import type { RemoteScope, ScopeQueries } from '#modules/plugin-scopes';
import type { EntityQueries, RecordView } from '#modules/plugin-sync';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { EventData } from './event-data.ts';
import type { EventDeliveryStore, EventTarget } from './event-delivery-store.ts';
import { deliverEvent } from './events-jobs.ts';
import type { PluginEventTables } from './events-table.ts';

/** Something that happened to a client, before anybody looked who wants to know. */
export interface Happened {
  readonly eventId: string;
  readonly name: CoreEventName;
  readonly clientId: ClientId;
  readonly subjectId: string;
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: EventDeliveryStore;
  readonly data: EventData;
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly entities: EntityQueries;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** A subscriber of a connection that listens to an event. */
interface Listener {
  readonly connection: Connection;
  readonly subscriber: SubscriberDescription;
}

/**
 * Notes which plugins are told of an event. A connection hears of a client
 * - through the scopes that are mapped to it and switched on for reading and acting: once for each, bound to it. Of an alert that this connection itself brought, only the scope
 *   that brought it hears;
 * - where its type has no scopes: of every client if it is the MSP's own account, since installing the plugin consented to that; of its owner alone if it is a client's.
 */
export class QueueEvent {
  readonly #db: ScopedDb<PluginEventTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginEventTables>();
    this.#deps = deps;
  }

  /** Twice is once. Answers how many are to be told. */
  async run(scope: TenantScope, happened: Happened): Promise<number> {
    const { store, jobs, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const connections = await this.#deps.connections.list(tx.scope, {}, tx);
      const listeners = connections.flatMap((connection) => listenersOf(connection, happened));
      if (listeners.length === 0) return 0;
      const targets = await this.#targets(tx.scope, happened, listeners);
      const ids = await store.add(tx, happened.clientId, targets, clock.now());
      for (const eventDeliveryId of ids)
        await jobs.send(tx, deliverEvent, { eventDeliveryId }, { singletonKey: eventDeliveryId });
      return ids.length;
    });
  }

  async #targets(scope: TenantScope, happened: Happened, listeners: readonly Listener[]): Promise<EventTarget[]> {
    const { scopes, entities } = this.#deps;
    const open = (await scopes.enabledOfClient(scope, happened.clientId)).filter((remote) => remote.actionsEnabled);
    const records = happened.name.startsWith('alert.')
      ? await entities.ofThing(scope, { alertId: happened.subjectId })
      : [];
    const places = listeners.flatMap((listener) => placesOf(listener, open, records));
    if (places.length === 0) return [];
    const event = await this.#eventOf(scope, happened);
    if (event === null) return [];
    return places.map(({ connection, subscriber, remote, record }) => ({
      connectionId: connection.id,
      subscriber: subscriber.name,
      scopeId: remote?.id ?? null,
      event: withRecord(event, record),
    }));
  }

  /** Null where what it is about is gone. */
  async #eventOf(scope: TenantScope, { eventId, name, subjectId }: Happened): Promise<CoreEvent | null> {
    const { data } = this.#deps;
    try {
      switch (name) {
        case 'alert.raised':
        case 'alert.acknowledged':
        case 'alert.recovered':
          return { id: eventId, name, data: { ...(await data.alert(scope, subjectId as AlertId)), recordId: null } };
        case 'ticket.opened':
        case 'ticket.changed': {
          const ticket = await data.ticket(scope, subjectId as never);
          return ticket === null ? null : { id: eventId, name, data: ticket };
        }
        case 'invoice.approved':
          return { id: eventId, name, data: await data.invoice(scope, subjectId as never) };
      }
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }
}

/** Paused connections are told of nothing; broken ones hear of it when they are repaired. */
function listenersOf(connection: Connection, { name, clientId }: Happened): Listener[] {
  const { type, description, capabilities } = connection;
  const mayHear =
    connection.isPluginEnabled &&
    connection.state !== 'paused' &&
    capabilities.events?.includes(name) === true &&
    (connection.clientId === null || connection.clientId === clientId);
  if (!mayHear) return [];
  return description.subscribers
    .filter((subscriber) => subscriber.connection === type.name && subscriber.events.includes(name))
    .map((subscriber) => ({ connection, subscriber }));
}

interface Place extends Listener {
  readonly remote: RemoteScope | null;
  readonly record: RecordView | null;
}

function placesOf(listener: Listener, open: readonly RemoteScope[], records: readonly RecordView[]): Place[] {
  const { connection } = listener;
  if (!connection.type.discoversScopes) return [{ ...listener, remote: null, record: null }];
  const own = records.find(({ connectionId, entity }) => connectionId === connection.id && entity === 'alert');
  const record = own ?? null;
  return open
    .filter((remote) => remote.connectionId === connection.id && (own === undefined || remote.id === own.scopeId))
    .map((remote) => ({ ...listener, remote, record }));
}

/** Each plugin knows an alert by its own record. */
function withRecord(event: CoreEvent, record: RecordView | null): CoreEvent {
  if (record === null) return event;
  return { ...event, data: { ...(event.data as AlertEvent), recordId: record.externalId } };
}
