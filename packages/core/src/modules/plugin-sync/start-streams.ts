import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ConnectionId, ConnectionQueries } from '#modules/plugin-host';
import type { RemoteScopeId, ScopeQueries } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { StreamStateStore, WantedStream } from './stream-state-store.ts';
import { runStream } from './sync-jobs.ts';
import type { SyncTables } from './sync-table.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly clock: Clock;
  readonly jobs: JobQueue;
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly streams: StreamStateStore;
}

/** As many as the workers get through in a minute or two; the rest take the next turn. */
const MOST_AT_ONCE = 500;

/** Makes the streams that there should be, and starts those whose turn it is. */
export class StartStreams {
  readonly #db: ScopedDb<SyncTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SyncTables>();
    this.#deps = deps;
  }

  /** Starts what is due over all connections of the MSP. */
  async startDue(scope: TenantScope): Promise<number> {
    const { streams, clock, jobs } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const due = await streams.due(tx, clock.now(), MOST_AT_ONCE);
      for (const streamId of due) await jobs.send(tx, runStream, { streamId }, { singletonKey: streamId });
      return due.length;
    });
  }

  /** Makes the streams of one connection as its scopes stand now, and starts them: a person has connected or mapped, and waits. */
  async plan(scope: TenantScope, connectionId: ConnectionId, within?: AnyTransaction): Promise<void> {
    const { connections, scopes, streams, clock } = this.#deps;
    await this.#db.transaction(
      scope,
      async (tx) => {
        const connection = await connections.byId(tx.scope, connectionId, tx);
        const enabled = await scopes.enabled(tx.scope, connectionId, tx);
        const wanted = connection.description.streams
          .filter((stream) => stream.connection === connection.type.name)
          .flatMap((stream): WantedStream[] => {
            const { name, entity } = stream;
            if (stream.grain === 'connection') return [{ connectionId, scopeId: null, clientId: null, name, entity }];
            return enabled.map((remote) => ({
              connectionId,
              scopeId: remote.id,
              clientId: remote.clientId,
              name,
              entity,
            }));
          });
        await streams.want(tx, wanted, clock.now());
      },
      within,
    );
  }

  /** Has streams of a connection, or of one scope of it, read again now. Throws where the scope or the connection is not within reach. */
  async nudge(
    scope: TenantScope,
    which: { connectionId: ConnectionId; scopeId?: RemoteScopeId | null; names?: readonly string[] },
    within?: AnyTransaction,
  ): Promise<number> {
    const { streams, jobs, clock, connections, scopes } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        await connections.byId(tx.scope, which.connectionId, tx);
        if (which.scopeId !== undefined && which.scopeId !== null) await scopes.byId(tx.scope, which.scopeId, tx);
        const nudged = await streams.nudge(tx, which, clock.now());
        for (const streamId of nudged) await jobs.send(tx, runStream, { streamId }, { singletonKey: streamId });
        return nudged.length;
      },
      within,
    );
  }
}
