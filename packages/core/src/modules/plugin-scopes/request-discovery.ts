import type { TenantScope } from '#kernel/tenant-scope';
import type { ConnectionId, ConnectionQueries } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import { discoverScopes } from './scope-jobs.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly connections: ConnectionQueries;
  readonly jobs: JobQueue;
}

/** Asks for discoveries, which jobs then do. */
export class RequestDiscovery {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Of one connection, now. Throws `plugin-host.connection-not-found`. */
  async run(scope: TenantScope, connectionId: ConnectionId, within?: AnyTransaction): Promise<Record<string, never>> {
    return this.#deps.db.transaction(
      scope,
      async (tx) => {
        await this.#deps.connections.byId(tx.scope, connectionId, tx);
        await this.#deps.jobs.send(tx, discoverScopes, { connectionId }, { singletonKey: connectionId });
        return {};
      },
      within,
    );
  }

  /** Of every connection that works. */
  async all(scope: TenantScope): Promise<void> {
    await this.#deps.db.transaction(scope, async (tx) => {
      for (const connection of await this.#deps.connections.list(tx.scope, {}, tx))
        if (connection.state === 'active' && connection.isPluginEnabled)
          await this.#deps.jobs.send(
            tx,
            discoverScopes,
            { connectionId: connection.id },
            { singletonKey: connection.id },
          );
    });
  }
}
