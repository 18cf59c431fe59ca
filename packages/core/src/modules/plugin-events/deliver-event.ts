import { CallFailed } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { Connection, ConnectionIssues, ConnectionQueries, PluginCalls } from '#modules/plugin-host';
import { toBoundScope, type RemoteScope, type ScopeQueries } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { EventDeliveryRow, EventDeliveryStore } from './event-delivery-store.ts';
import { deliverEvent } from './events-jobs.ts';
import type { EventDeliveryId, PluginEventTables } from './events-table.ts';
import { retryPause } from './retry-pause.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly store: EventDeliveryStore;
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly calls: PluginCalls;
  readonly issues: ConnectionIssues;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<PluginEventTables>;

/** An event in the hands of one worker. */
interface TakenEvent {
  readonly row: EventDeliveryRow;
  readonly connection: Connection;
  readonly remote: RemoteScope | null;
}

/** Tells one plugin of one event: at least once, since whether it heard is known only after it has. */
export class DeliverEvent {
  readonly #db: ScopedDb<PluginEventTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginEventTables>();
    this.#deps = deps;
  }

  /** Does nothing where it has ended, is gone, or another worker has it. */
  async run(scope: TenantScope, id: EventDeliveryId): Promise<void> {
    const { calls, store, issues, clock } = this.#deps;
    const taken = await this.#take(scope, id);
    if (taken === null) return;
    const { row, connection, remote } = taken;
    try {
      await calls.call(scope, {
        connectionId: connection.id,
        remote: remote === null ? null : toBoundScope(remote),
        ...(remote === null ? {} : { remoteScopeId: remote.id }),
        call: { kind: 'event', name: row.subscriber, event: row.event },
      });
    } catch (error) {
      if (error instanceof NotFoundError) return;
      if (!(error instanceof CallFailed)) throw error;
      return this.#fail(scope, taken, error);
    }
    await this.#db.transaction(scope, async (tx) => {
      await store.end(tx, id, { state: 'done', message: '' }, clock.now());
      await issues.close(tx, issueOf(row));
      this.#touch(tx, row);
    });
  }

  async #take(scope: TenantScope, id: EventDeliveryId): Promise<TakenEvent | null> {
    const { store, connections, scopes, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await store.take(tx, id, clock.now());
      if (row === undefined) return null;
      const connection = await connections.byId(tx.scope, row.connection_id, tx);
      const remote = row.scope_id === null ? null : await scopes.byId(tx.scope, row.scope_id, tx);
      // What was allowed when it happened may not be any more.
      const problem = remote === null ? null : notToBeTold(remote, row);
      if (problem !== null) {
        await store.end(tx, id, { state: 'dropped', message: problem }, clock.now());
        this.#touch(tx, row);
        return null;
      }
      if (connection.state !== 'active' || !connection.isPluginEnabled) {
        await store.wait(tx, id, `Waits until ${connection.name} works again.`, null);
        return null;
      }
      return { row, connection, remote };
    });
  }

  async #fail(scope: TenantScope, { row, connection }: TakenEvent, failure: CallFailed): Promise<void> {
    const { store, issues, jobs, clock } = this.#deps;
    const now = clock.now();
    const pause = retryPause(failure, row.attempts);
    await this.#db.transaction(scope, async (tx) => {
      this.#touch(tx, row);
      if (pause !== null) {
        const nextAt = now.add(pause);
        await store.wait(tx, row.id, failure.message, nextAt);
        const options = { startAfter: nextAt, singletonKey: `${row.id}/${row.attempts}` };
        return jobs.send(tx, deliverEvent, { eventDeliveryId: row.id }, options);
      }
      await store.end(tx, row.id, { state: 'failed', message: failure.message }, now);
      const subscriber = connection.description.subscribers.find(({ name }) => name === row.subscriber);
      await issues.raise(tx, {
        ...issueOf(row),
        severity: 'warning',
        title: `“${subscriber?.label ?? row.subscriber}” of ${connection.name} failed: ${failure.message}`,
        remedy: 'Repair what it says, then try the event again in the list of events of this connection.',
        data: { subscriber: row.subscriber, event: row.event_name, failure: failure.failure },
      });
    });
  }

  #touch(tx: Tx, row: EventDeliveryRow): void {
    const about = { clientId: row.client_id, id: row.connection_id, version: 0 };
    this.#deps.live.touch(tx, { ...about, topic: 'plugin-event-delivery' });
  }
}

function issueOf(row: EventDeliveryRow) {
  return { connectionId: row.connection_id, remoteScopeId: row.scope_id, id: `event-failed:${row.subscriber}` };
}

/** Why a scope is not told of its client's event any more, or null. */
function notToBeTold(remote: RemoteScope, row: EventDeliveryRow): string | null {
  if (remote.clientId !== row.client_id || remote.state !== 'mapped')
    return `${remote.name} is no longer mapped to this client.`;
  if (!remote.isAccessible) return `There is no access to ${remote.name} now.`;
  return remote.actionsEnabled && remote.readsEnabled ? null : `Acting is switched off for ${remote.name}.`;
}
