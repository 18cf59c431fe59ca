import { CallFailed, type FailureName } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { Connection, ConnectionId, ConnectionIssues, ConnectionQueries, PluginCalls } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { DiscoveryStore } from './discovery-store.ts';
import { listRemote } from './list-remote.ts';
import type { MatchScopes } from './match-scopes.ts';
import { scopeChanges } from './scope-changes.ts';
import { scopesFound } from './scope-events.ts';
import type { ListedScope, ScopeStore } from './scope-store.ts';
import type { PluginScopeTables } from './scope-table.ts';
import type { WatchAccess } from './watch-access.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly connections: ConnectionQueries;
  readonly calls: PluginCalls;
  readonly issues: ConnectionIssues;
  readonly store: ScopeStore;
  readonly discoveries: DiscoveryStore;
  readonly match: MatchScopes;
  readonly access: WatchAccess;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Failures that may be over in a minute: the job tries again. The rest waits for a person, or for tomorrow. */
const PASSING: ReadonlySet<FailureName> = new Set(['Transient', 'RateLimited', 'TimedOut']);

const EMPTY = 'empty-scope-discovery';
const FAILED = 'scope-discovery-failed';

/** Asks a vendor which partitions an account has, and keeps what was known in step with it. Nothing is written before the vendor's list is complete. */
export class DiscoverScopes {
  readonly #db: ScopedDb<PluginScopeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginScopeTables>();
    this.#deps = deps;
  }

  /** Idempotent. Connections that are gone, paused or broken are left alone. Throws `CallFailed` where trying again may help. */
  async run(scope: TenantScope, connectionId: ConnectionId): Promise<void> {
    const connection = await this.#connection(scope, connectionId);
    if (connection === null) return;
    await this.#db.transaction(scope, (tx) => this.#deps.discoveries.start(tx, connection, this.#deps.clock.now()));
    let listed: ListedScope[];
    try {
      listed = await listRemote(this.#deps.calls, scope, connection, this.#deps.clock.now());
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      await this.#failed(scope, connection, error);
      if (PASSING.has(error.failure)) throw error;
      return;
    }
    await this.#apply(scope, connection, listed);
  }

  async #connection(scope: TenantScope, connectionId: ConnectionId): Promise<Connection | null> {
    try {
      const connection = await this.#deps.connections.byId(scope, connectionId);
      return connection.state === 'active' && connection.isPluginEnabled ? connection : null;
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  async #apply(scope: TenantScope, connection: Connection, listed: readonly ListedScope[]): Promise<void> {
    const { store, discoveries, issues, match, access, jobs, live, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      await store.lock(tx);
      const now = clock.now();
      const known = await store.ofConnection(tx, connection.id);
      const about = { connectionId: connection.id, remoteScopeId: null };
      live.touch(tx, { clientId: null, topic: 'plugin-scope', id: connection.id, version: 0 });
      if (listed.length === 0 && known.some((row) => row.presence !== 'lost')) {
        const title = `The vendor lists no scopes any more, where there were ${known.length}. Nothing was changed.`;
        await issues.raise(tx, {
          ...about,
          id: EMPTY,
          severity: 'error',
          title,
          remedy: 'Check what the account may see at the vendor. If it is right, remove the connection.',
        });
        return discoveries.finish(tx, connection.id, { state: 'refused', at: now, message: title });
      }
      const changes = scopeChanges(known, listed);
      await store.upsertListed(tx, connection.id, listed, now);
      await store.setPresence(tx, changes.lost, 'lost');
      await store.addEvents(tx, changes.events, 'Bailiwick', now);
      const matched = await match.run(tx, connection.id);
      await access.review(tx, [connection.id]);
      await issues.close(tx, { ...about, id: EMPTY });
      await issues.close(tx, { ...about, id: FAILED });
      if (known.length === 0 && listed.length > 0)
        await jobs.publish(
          tx,
          scopesFound,
          { aggregateId: connection.id, version: 0 },
          { connectionId: connection.id },
        );
      const counts = {
        listed: listed.length,
        added: changes.added,
        returned: changes.returned,
        lost: changes.lost.length,
        ...matched,
      };
      await discoveries.finish(tx, connection.id, { state: 'done', at: now, message: '', counts });
    });
  }

  async #failed(scope: TenantScope, connection: Connection, error: CallFailed): Promise<void> {
    const { discoveries, issues, live, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      await discoveries.finish(tx, connection.id, { state: 'failed', at: clock.now(), message: error.message });
      live.touch(tx, { clientId: null, topic: 'plugin-scope', id: connection.id, version: 0 });
      if (PASSING.has(error.failure)) return;
      await issues.raise(tx, {
        connectionId: connection.id,
        remoteScopeId: null,
        id: FAILED,
        severity: 'warning',
        title: `The scopes of ${connection.name} could not be listed: ${error.message}`,
      });
    });
  }
}
