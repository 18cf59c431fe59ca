import type { BatchCounts, NormalBatch, StreamStore } from '@bailiwick/plugin-runtime';
import type { Json } from '@bailiwick/sdk';
import type { Updateable } from 'kysely';
import type { Clock } from '#kernel/clock';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { MarkSeen } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { EntityStore, ScopeHome, StreamKey } from './entity-store.ts';
import { landRecords } from './sync-jobs.ts';
import type { SyncTables } from './sync-table.ts';

type Tx = ScopedTransaction<SyncTables>;

interface Deps {
  readonly db: ScopedDb<SyncTables>;
  readonly entities: EntityStore;
  readonly markSeen: MarkSeen;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** One stream of one connection (and scope), whose pass is about to run. */
export interface StreamPass extends StreamKey {
  readonly mode: 'full' | 'incremental' | 'live';
  readonly cursorVersion: number;
  /** The scope's client where the stream is one scope's: the stream's own rows are that client's. */
  readonly clientId: ClientId | null;
  readonly homes: ReadonlyMap<string, ScopeHome>;
}

/** Keeps a stream's records and its cursor in PostgreSQL: each batch, its page of what was seen, and its cursor are one transaction. */
export class PostgresStreamStore implements StreamStore {
  readonly #deps: Deps;
  readonly #scope: TenantScope;
  readonly #pass: StreamPass;

  constructor(deps: Deps, scope: TenantScope, pass: StreamPass) {
    this.#deps = deps;
    this.#scope = scope;
    this.#pass = pass;
  }

  async begin(): Promise<{ cursor: Json | undefined; generation: number; liveCount: number }> {
    const { mode, cursorVersion } = this.#pass;
    return this.#transaction(async (tx) => {
      const row = await this.#lock(tx);
      const goesOn = row.is_in_pass && row.cursor_version === cursorVersion;
      const keepsCursor = row.cursor_version === cursorVersion && (goesOn || mode !== 'full');
      const generation = goesOn ? row.generation : row.generation + 1;
      const cursor = keepsCursor ? row.cursor : null;
      if (!goesOn) await this.#forgetPages(tx);
      await this.#update(tx, {
        is_in_pass: true,
        generation,
        cursor: cursor === null ? null : JSON.stringify(cursor),
        cursor_version: cursorVersion,
      });
      return { cursor: cursor === null ? undefined : (cursor as Json), generation, liveCount: row.live_count };
    });
  }

  async write(batch: NormalBatch, generation: number): Promise<BatchCounts> {
    const { entities, markSeen, clock, jobs } = this.#deps;
    const { streamId, connectionId, clientId, mode } = this.#pass;
    return this.#transaction(async (tx) => {
      const row = await this.#lock(tx);
      // Another worker has begun a newer pass: this one must not write over it.
      if (row.generation !== generation) throw new PassOvertaken();
      const written = await entities.write(tx, this.#pass, this.#pass.homes, batch, clock.now());
      if (mode === 'full' && written.seen.length > 0)
        await tx.query
          .insertInto('plugin_pass_page')
          .values({
            msp_id: tx.scope.mspId,
            id: newId(),
            client_id: clientId,
            stream_id: streamId,
            generation,
            entity_ids: [...written.seen],
          })
          .execute();
      const liveCount = row.live_count + written.added - written.deleted;
      if (batch.hasCursor || liveCount !== row.live_count)
        await this.#update(tx, {
          live_count: Math.max(0, liveCount),
          ...(batch.hasCursor ? { cursor: batch.cursor === undefined ? null : JSON.stringify(batch.cursor) } : {}),
        });
      if (written.hasLanding) await jobs.send(tx, landRecords, { connectionId }, { singletonKey: connectionId });
      await markSeen.runMany(tx.scope, written.sightings, tx);
      const { added, changed, unchanged, deleted } = written;
      return { added, changed, unchanged, deleted };
    });
  }

  async countUnseen(generation: number): Promise<number> {
    return this.#transaction((tx) => this.#deps.entities.countUnseen(tx, this.#pass.streamId, generation));
  }

  async sweep(generation: number): Promise<number> {
    const { entities, jobs, clock } = this.#deps;
    const { streamId, connectionId } = this.#pass;
    return this.#transaction(async (tx) => {
      const row = await this.#lock(tx);
      const swept = await entities.sweep(tx, streamId, generation, clock.now());
      if (swept === 0) return 0;
      await this.#update(tx, { live_count: Math.max(0, row.live_count - swept) });
      await jobs.send(tx, landRecords, { connectionId }, { singletonKey: connectionId });
      return swept;
    });
  }

  async finish(): Promise<void> {
    await this.#transaction(async (tx) => {
      await this.#forgetPages(tx);
      await this.#update(tx, {
        is_in_pass: false,
        is_sweep_accepted: false,
        ...(this.#pass.mode === 'full' ? { cursor: null } : {}),
      });
    });
  }

  async #transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.#deps.db.transaction(this.#scope, work);
  }

  async #lock(tx: Tx) {
    return tx.query
      .selectFrom('plugin_stream')
      .select(['generation', 'cursor', 'cursor_version', 'live_count', 'is_in_pass'])
      .where('id', '=', this.#pass.streamId)
      .forUpdate()
      .executeTakeFirstOrThrow();
  }

  async #update(tx: Tx, values: Updateable<SyncTables['plugin_stream']>): Promise<void> {
    await tx.query.updateTable('plugin_stream').set(values).where('id', '=', this.#pass.streamId).execute();
  }

  async #forgetPages(tx: Tx): Promise<void> {
    await tx.query.deleteFrom('plugin_pass_page').where('stream_id', '=', this.#pass.streamId).execute();
  }
}

/** A newer pass of the same stream has begun elsewhere. */
export class PassOvertaken extends Error {
  constructor() {
    super('A newer pass of this stream has begun.');
    this.name = 'PassOvertaken';
  }
}
