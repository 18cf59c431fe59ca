import type { Selectable } from 'kysely';
import { z } from 'zod';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { connectionIdSchema, type ConnectionQueries } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import { streamIdSchema } from './entity.ts';
import { runStream } from './sync-jobs.ts';
import type { StreamId, SyncTables } from './sync-table.ts';

export const updateStreamInput = z.object({
  streamId: streamIdSchema,
  version: z.int(),
  isPaused: z.boolean().optional(),
  /** Null is the plugin's own rhythm, which no other may be quicker than. */
  everySeconds: z
    .int()
    .min(30, { error: 'must be at least 30' })
    .max(31 * 24 * 3600, { error: 'must be at most 31 days' })
    .nullable()
    .optional(),
});
export const acceptDeletionInput = z.object({ streamId: streamIdSchema, version: z.int() });
export const readNowInput = z.object({
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.optional(),
  streams: z.array(z.string().max(100)).max(50).optional(),
});

type Tx = ScopedTransaction<SyncTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly connections: ConnectionQueries;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** A change and how it is written into the trail. `values` may refuse it. */
interface Change {
  readonly action: string;
  readonly summary: string;
  readonly values: (row: StreamRow, tx: Tx) => Promise<Record<string, unknown>>;
}

type StreamRow = Pick<Selectable<SyncTables['plugin_stream']>, 'name' | 'connection_id' | 'client_id' | 'held_back'>;

/** What a person decides about a stream. */
export class ChangeStream {
  readonly #db: ScopedDb<SyncTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SyncTables>();
    this.#deps = deps;
  }

  /** Pauses a stream, lets it go on, or changes its rhythm. Throws `plugin-sync.stream-not-found`, `plugin-sync.stream-changed`, `plugin-sync.too-often`. */
  async update(scope: TenantScope, input: z.output<typeof updateStreamInput>): Promise<{ version: number }> {
    const { clock } = this.#deps;
    const values = {
      ...(input.isPaused === undefined ? {} : { is_paused: input.isPaused }),
      ...(input.isPaused === false || input.everySeconds !== undefined ? { next_at: clock.now() } : {}),
      ...(input.everySeconds === undefined ? {} : { every_seconds: input.everySeconds }),
    };
    return this.#change(scope, input, {
      action: 'plugin-sync.update-stream',
      summary: 'Changed the stream',
      values: async (row, tx) => {
        if (typeof input.everySeconds === 'number') await this.#assertNotQuicker(tx, row, input.everySeconds);
        return values;
      },
    });
  }

  /** The records that the vendor no longer lists are really gone: the next pass deletes them. Throws as `update` does, and `plugin-sync.nothing-held-back`. */
  async acceptDeletion(scope: TenantScope, input: z.output<typeof acceptDeletionInput>): Promise<{ version: number }> {
    const { clock } = this.#deps;
    return this.#change(scope, input, {
      action: 'plugin-sync.accept-deletion',
      summary: 'Accepted the deletion held back in the stream',
      values: async (row) => {
        if (row.held_back === null)
          throw new ConflictError('plugin-sync.nothing-held-back', 'This stream holds no deletion back.');
        return { is_sweep_accepted: true, next_at: clock.now() };
      },
    });
  }

  async #change(
    scope: TenantScope,
    input: { streamId: StreamId; version: number },
    change: Change,
  ): Promise<{ version: number }> {
    const { audit, jobs } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await this.#forChange(tx, input);
      const values = await change.values(row, tx);
      await tx.query
        .updateTable('plugin_stream')
        .set({ ...values, version: input.version + 1 })
        .where('id', '=', input.streamId)
        .execute();
      await audit.record(tx, {
        action: change.action,
        subject: { kind: 'plugin-stream', id: input.streamId, clientId: row.client_id },
        summary: `${change.summary} ${row.name}`,
        after: { ...input },
        isClientVisible: false,
      });
      await jobs.send(tx, runStream, { streamId: input.streamId }, { singletonKey: input.streamId });
      return { version: input.version + 1 };
    });
  }

  async #assertNotQuicker(tx: Tx, row: StreamRow, everySeconds: number): Promise<void> {
    const { description, type } = await this.#deps.connections.byId(tx.scope, row.connection_id, tx);
    const stream = description.streams.find(({ name, connection }) => name === row.name && connection === type.name);
    const least = stream === undefined ? 0 : Temporal.Duration.from(stream.every).total('seconds');
    if (everySeconds >= least) return;
    const message = `must be at least ${least}, which is how often the plugin reads it`;
    throw new InvalidInputError('plugin-sync.too-often', `The rhythm ${message} (seconds).`, {
      fields: [{ path: ['everySeconds'], message }],
    });
  }

  async #forChange(tx: Tx, { streamId, version }: { streamId: StreamId; version: number }) {
    const row = await tx.query
      .selectFrom('plugin_stream')
      .select(['name', 'version', 'connection_id', 'client_id', 'held_back'])
      .where('id', '=', streamId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError('plugin-sync.stream-not-found', 'There is no such stream.');
    if (row.version !== version)
      throw new ConflictError('plugin-sync.stream-changed', 'The stream has changed meanwhile. Load it again.');
    return row;
  }
}
