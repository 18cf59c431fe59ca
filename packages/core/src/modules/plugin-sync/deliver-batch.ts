import { normaliseBatch, type RefusedRecord } from '@bailiwick/plugin-runtime';
import type { WebhookBatch } from '@bailiwick/sdk';
import type { Clock } from '#kernel/clock';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { MarkSeen } from '#modules/assets';
import type { ConnectionId, ConnectionQueries } from '#modules/plugin-host';
import type { RemoteScopeId, ScopeQueries } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { EntityStore } from './entity-store.ts';
import type { StartStreams } from './start-streams.ts';
import { landRecords } from './sync-jobs.ts';
import type { StreamId, SyncTables } from './sync-table.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly clock: Clock;
  readonly jobs: JobQueue;
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly entities: EntityStore;
  readonly markSeen: MarkSeen;
  readonly start: StartStreams;
}

export interface DeliverBatchInput {
  readonly connectionId: ConnectionId;
  /** The scope that the delivery was routed to; null where each record names its own. */
  readonly remoteScopeId: RemoteScopeId | null;
  readonly stream: string;
  readonly batch: WebhookBatch;
}

/** What a delivery did. */
export interface Delivered {
  readonly added: number;
  readonly changed: number;
  readonly deleted: number;
  readonly refused: readonly RefusedRecord[];
}

/** Writes records that a vendor delivered by itself as if the stream had read them; the stream's cursor stays where it is, for polling is the truth. */
export class DeliverBatch {
  readonly #db: ScopedDb<SyncTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SyncTables>();
    this.#deps = deps;
  }

  /** Records of scopes that are not known are refused; those of unmapped ones go into quarantine. Throws `CallFailed` for a batch that is none, or an unknown stream. */
  async run(scope: TenantScope, input: DeliverBatchInput, within?: AnyTransaction): Promise<Delivered> {
    const { connections, scopes, entities, markSeen, start, jobs, clock } = this.#deps;
    const { connectionId } = input;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const connection = await connections.byId(tx.scope, connectionId, tx);
        const stream = connection.description.streams.find(
          ({ name, connection: type }) => name === input.stream && type === connection.type.name,
        );
        if (stream === undefined) return { added: 0, changed: 0, deleted: 0, refused: [] };
        const all = await scopes.all(tx.scope, connectionId, tx);
        const bound = all.find((remote) => remote.id === input.remoteScopeId);
        const homes = new Map(
          (bound === undefined ? all : [bound]).map((remote) => [
            remote.externalId,
            { scopeId: remote.id, clientId: remote.clientId },
          ]),
        );
        const { batch, refused } = normaliseBatch(
          stream,
          { upserts: input.batch.upserts, deletes: input.batch.deletes ?? [] },
          bound === undefined
            ? { kind: 'known', scopes: new Set(homes.keys()) }
            : { kind: 'bound', scope: bound.externalId },
        );
        await start.plan(tx.scope, connectionId, tx);
        const streamId = await this.#streamId(tx, connectionId, stream.name, bound?.id ?? null);
        if (streamId === undefined) return { added: 0, changed: 0, deleted: 0, refused };
        const written = await entities.write(tx, { streamId, connectionId }, homes, batch, clock.now());
        await tx.sql(
          `update plugin_stream set live_count = greatest(0, live_count + $3) where msp_id = $1 and id = $2`,
          [tx.scope.mspId, streamId, written.added - written.deleted],
        );
        // A pass under way read its list before this: what was delivered meanwhile is not gone because that list lacks it.
        if (stream.mode === 'full' && written.seen.length > 0)
          await tx.sql(
            `insert into plugin_pass_page (msp_id, id, client_id, stream_id, generation, entity_ids)
             select msp_id, $3, client_id, id, generation, $4 from plugin_stream where msp_id = $1 and id = $2 and is_in_pass`,
            [tx.scope.mspId, streamId, newId(), written.seen],
          );
        if (written.hasLanding) await jobs.send(tx, landRecords, { connectionId }, { singletonKey: connectionId });
        await markSeen.runMany(tx.scope, written.sightings, tx);
        return { added: written.added, changed: written.changed, deleted: written.deleted, refused };
      },
      within,
    );
  }

  async #streamId(
    tx: AnyTransaction,
    connectionId: ConnectionId,
    name: string,
    scopeId: RemoteScopeId | null,
  ): Promise<StreamId | undefined> {
    const [row] = await tx.sql<{ id: StreamId }>(
      `select id from plugin_stream where msp_id = $1 and connection_id = $2 and name = $3 and (remote_scope_id is null or remote_scope_id = $4)`,
      [tx.scope.mspId, connectionId, name, scopeId],
    );
    return row?.id;
  }
}
