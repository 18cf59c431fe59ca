import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { connectionIdSchema } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import { streamIdSchema } from './entity.ts';
import type { SyncTables } from './sync-table.ts';
import type { RunView, StreamView } from './sync-view.ts';

export const listStreamsInput = z.object({
  ...pageInput,
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.optional(),
  /** Only those that fail or are held back. */
  isInTrouble: z.boolean().optional(),
});
export const listRunsInput = z.object({
  ...pageInput,
  connectionId: connectionIdSchema,
  streamId: streamIdSchema.optional(),
});

/** Reads how streams and their passes do. */
export class StreamQueries {
  readonly #db: ScopedDb<SyncTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<SyncTables>();
  }

  /** The streams of a connection by name. Throws `page.bad-cursor`. */
  async list(scope: TenantScope, input: z.output<typeof listStreamsInput>): Promise<Page<StreamView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('plugin_stream').selectAll().where('connection_id', '=', input.connectionId);
      if (input.scopeId !== undefined) list = list.where('remote_scope_id', '=', input.scopeId);
      if (input.isInTrouble === true)
        list = list.where((where) => where.or([where('failures', '>', 0), where('held_back', 'is not', null)]));
      if (after !== null) list = list.where(sql<boolean>`(name, id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy('name')
        .orderBy('id')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toStreamView, (row) => [row.name, row.id]);
  }

  /** The passes of a connection, or of one stream, the newest first. Throws `page.bad-cursor`. */
  async runs(scope: TenantScope, input: z.output<typeof listRunsInput>): Promise<Page<RunView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query
        .selectFrom('plugin_run as run')
        .innerJoin('plugin_stream as stream', (join) =>
          join.onRef('stream.msp_id', '=', 'run.msp_id').onRef('stream.id', '=', 'run.stream_id'),
        )
        .selectAll('run')
        .select(['stream.name', 'stream.remote_scope_id'])
        .where('run.connection_id', '=', input.connectionId);
      if (input.streamId !== undefined) list = list.where('run.stream_id', '=', input.streamId);
      if (after !== null)
        list = list.where(sql<boolean>`(run.started_at, run.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return list
        .orderBy('run.started_at', 'desc')
        .orderBy('run.id', 'desc')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toRunView, (row) => [row.started_at.toString(), row.id]);
  }
}

function toStreamView(row: Selectable<SyncTables['plugin_stream']>): StreamView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    scopeId: row.remote_scope_id,
    clientId: row.client_id,
    name: row.name,
    entity: row.entity,
    isPaused: row.is_paused,
    isRunning: row.lease_until !== null,
    everySeconds: row.every_seconds,
    nextAt: row.next_at.toString(),
    lastStartedAt: row.last_started_at?.toString() ?? null,
    lastSuccessAt: row.last_success_at?.toString() ?? null,
    failures: row.failures,
    failure: row.last_failure,
    message: row.last_message,
    liveCount: row.live_count,
    heldBack: row.held_back,
    version: row.version,
  };
}

type RunRow = Selectable<SyncTables['plugin_run']> &
  Pick<Selectable<SyncTables['plugin_stream']>, 'name' | 'remote_scope_id'>;

function toRunView(row: RunRow): RunView {
  return {
    id: row.id,
    streamId: row.stream_id,
    name: row.name,
    scopeId: row.remote_scope_id,
    startedAt: row.started_at.toString(),
    endedAt: row.ended_at?.toString() ?? null,
    outcome: row.outcome,
    failure: row.failure,
    message: row.message,
    batches: row.batches,
    added: row.added,
    changed: row.changed,
    unchanged: row.unchanged,
    deleted: row.deleted,
    refused: row.refused,
    refusals: [...row.refusals],
  };
}
