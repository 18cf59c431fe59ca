import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { RecoverAlert } from '#modules/alerts';
import type { WithdrawAsset } from '#modules/assets';
import { type AssetId } from '#modules/assets';
import type { ConnectionId, ConnectionQueries } from '#modules/plugin-host';
import type { RemoteScopeId, ScopeQueries } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { ClientId } from '#kernel/id';
import type { EntityStore } from './entity-store.ts';
import { fingerprintOf, sourceOf } from './landing.ts';
import type { StartStreams } from './start-streams.ts';
import type { StreamStateStore } from './stream-state-store.ts';
import { landRecords } from './sync-jobs.ts';
import type { SyncTables } from './sync-table.ts';

type Tx = ScopedTransaction<SyncTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly clock: Clock;
  readonly jobs: JobQueue;
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly entities: EntityStore;
  readonly streams: StreamStateStore;
  readonly start: StartStreams;
  readonly recoverAlert: RecoverAlert;
  readonly withdrawAsset: WithdrawAsset;
}

/** Moves the records of a scope to the client that it now belongs to, or into quarantine, with all that was made of them. */
export class RehomeRecords {
  readonly #db: ScopedDb<SyncTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SyncTables>();
    this.#deps = deps;
  }

  /** Brings records, alerts and streams to how the scope is mapped now. Twice is once. */
  async run(
    scope: TenantScope,
    { scopeId, connectionId }: { scopeId: RemoteScopeId; connectionId: ConnectionId },
    within?: AnyTransaction,
  ): Promise<void> {
    const { scopes, entities, streams, start, jobs } = this.#deps;
    await this.#db.transaction(
      scope,
      async (tx) => {
        const { clientId } = await scopes.byId(tx.scope, scopeId, tx);
        await this.#withdraw(tx, { scopeId, connectionId, clientId });
        await entities.rehome(tx, scopeId, clientId);
        await streams.rehome(tx, scopeId, clientId);
        if (clientId === null) return;
        await start.plan(tx.scope, connectionId, tx);
        await start.nudge(tx.scope, { connectionId, scopeId }, tx);
        await jobs.send(tx, landRecords, { connectionId }, { singletonKey: connectionId });
      },
      within,
    );
  }

  /** Takes back what the records made at clients that they no longer belong to: open alerts end, assets that only this plugin knows are archived. */
  async #withdraw(
    tx: Tx,
    {
      scopeId,
      connectionId,
      clientId,
    }: { scopeId: RemoteScopeId; connectionId: ConnectionId; clientId: ClientId | null },
  ): Promise<void> {
    const { connections, recoverAlert, withdrawAsset, clock } = this.#deps;
    const misplaced = await tx.sql<{
      client_id: ClientId;
      external_id: string;
      asset_id: AssetId | null;
      entity: string;
    }>(
      `select client_id, external_id, asset_id, entity from plugin_entity
       where msp_id = $1 and remote_scope_id = $2 and client_id is not null and client_id is distinct from $3
         and (alert_id is not null or (entity = 'device' and asset_id is not null))`,
      [tx.scope.mspId, scopeId, clientId],
    );
    if (misplaced.length === 0) return;
    const source = sourceOf((await connections.byId(tx.scope, connectionId, tx)).plugin);
    for (const record of misplaced) {
      if (record.entity === 'alert')
        await recoverAlert.run(
          tx.scope,
          {
            clientId: record.client_id,
            fingerprint: fingerprintOf({ connectionId, scopeId, externalId: record.external_id }),
            message: 'Its scope is no longer mapped to this client.',
            at: clock.now(),
          },
          tx,
        );
      else if (record.asset_id !== null) await withdrawAsset.run(tx.scope, { assetId: record.asset_id, source }, tx);
    }
  }
}
