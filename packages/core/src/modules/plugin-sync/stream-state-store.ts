import type { PassReport } from '@bailiwick/plugin-runtime';
import type { Selectable } from 'kysely';
import { newId, type ClientId } from '#kernel/id';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { RunId, RunOutcome, StreamId, SyncTables } from './sync-table.ts';

type Tx = ScopedTransaction<SyncTables>;

export type StreamRow = Pick<
  Selectable<SyncTables['plugin_stream']>,
  | 'id'
  | 'connection_id'
  | 'remote_scope_id'
  | 'client_id'
  | 'name'
  | 'entity'
  | 'every_seconds'
  | 'failures'
  | 'is_sweep_accepted'
  | 'last_success_at'
>;

/** A stream that should be there: one for each stream of grain `scope` and enabled scope, one for each of grain `connection`. */
export interface WantedStream {
  readonly connectionId: ConnectionId;
  readonly scopeId: RemoteScopeId | null;
  readonly clientId: ClientId | null;
  readonly name: string;
  readonly entity: string;
}

/** A worker that dies gives its stream back after so long; no pass takes longer in one job. */
const LEASE = Temporal.Duration.from({ minutes: 20 });

/** The only writer of `plugin_run`, and of what `plugin_stream` says about turns and outcomes. */
export class StreamStateStore {
  /** Makes streams that are wanted and not there, due at once; one statement for all. */
  async want(tx: Tx, streams: readonly WantedStream[], now: Temporal.Instant): Promise<number> {
    if (streams.length === 0) return 0;
    const rows = await tx.sql(
      `insert into plugin_stream (msp_id, id, connection_id, remote_scope_id, client_id, name, entity, next_at)
       select $1, g.id, g.connection_id, g.scope_id, g.client_id, g.name, g.entity, $8
       from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[]) as g (id, connection_id, scope_id, client_id, name, entity)
       where not exists (select 1 from plugin_stream s where s.msp_id = $1 and s.connection_id = g.connection_id and s.remote_scope_id is not distinct from g.scope_id and s.name = g.name)
       on conflict do nothing returning 1 as one`,
      [
        tx.scope.mspId,
        streams.map(() => newId()),
        streams.map((stream) => stream.connectionId),
        streams.map((stream) => stream.scopeId),
        streams.map((stream) => stream.clientId),
        streams.map((stream) => stream.name),
        streams.map((stream) => stream.entity),
        now,
      ],
    );
    return rows.length;
  }

  /** What is due, the accounts taking turns: each connection's first, then each one's second, so that one with 500 scopes starves nobody. */
  async due(tx: Tx, now: Temporal.Instant, limit: number): Promise<StreamId[]> {
    const rows = await tx.sql<{ id: StreamId }>(
      `select id from (
         select id, next_at, row_number() over (partition by connection_id order by next_at, id) as turn from plugin_stream
         where msp_id = $1 and not is_paused and next_at <= $2 and (lease_until is null or lease_until < $2)
       ) as waiting order by turn, next_at limit $3`,
      [tx.scope.mspId, now, limit],
    );
    return rows.map((row) => row.id);
  }

  /** Takes the stream for one pass; undefined where it is not due, paused, taken, or gone. */
  async lease(tx: Tx, streamId: StreamId, now: Temporal.Instant): Promise<StreamRow | undefined> {
    return tx.query
      .updateTable('plugin_stream')
      .set({ lease_until: now.add(LEASE), last_started_at: now })
      .where('id', '=', streamId)
      .where('is_paused', '=', false)
      .where('next_at', '<=', now)
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', now)]))
      .returning([
        'id',
        'connection_id',
        'remote_scope_id',
        'client_id',
        'name',
        'entity',
        'every_seconds',
        'failures',
        'is_sweep_accepted',
        'last_success_at',
      ])
      .executeTakeFirst();
  }

  /** Gives a stream back that has nothing to do now: looked at again in five minutes. */
  async release(tx: Tx, streamId: StreamId, now: Temporal.Instant): Promise<void> {
    await tx.query
      .updateTable('plugin_stream')
      .set({ lease_until: null, next_at: now.add({ minutes: 5 }) })
      .where('id', '=', streamId)
      .execute();
  }

  async startRun(tx: Tx, row: StreamRow, now: Temporal.Instant): Promise<RunId> {
    const id = newId<'plugin-run'>();
    await tx.query
      .insertInto('plugin_run')
      .values({
        msp_id: tx.scope.mspId,
        id,
        client_id: row.client_id,
        stream_id: row.id,
        connection_id: row.connection_id,
        started_at: now,
        ended_at: null,
        outcome: 'running',
        failure: null,
        message: null,
      })
      .execute();
    return id;
  }

  async endRun(
    tx: Tx,
    end: {
      readonly runId: RunId;
      readonly row: StreamRow;
      readonly report: PassReport;
      readonly outcome: RunOutcome;
      readonly failures: number;
      readonly nextAt: Temporal.Instant;
      readonly now: Temporal.Instant;
    },
  ): Promise<void> {
    const { report, outcome, now } = end;
    const failure = report.failure?.failure ?? null;
    const message = report.failure?.message ?? null;
    await tx.query
      .updateTable('plugin_run')
      .set({
        ended_at: now,
        outcome,
        failure,
        message,
        batches: report.batches,
        added: report.added,
        changed: report.changed,
        unchanged: report.unchanged,
        deleted: report.deleted,
        refused: report.refusedCount,
        refusals: JSON.stringify(report.refused),
      })
      .where('id', '=', end.runId)
      .execute();
    await tx.query
      .updateTable('plugin_stream')
      .set((values) => ({
        lease_until: null,
        next_at: end.nextAt,
        failures: end.failures,
        last_failure: failure,
        last_message: message,
        held_back: report.heldBack?.unseen ?? null,
        ...(outcome === 'succeeded' ? { last_success_at: now } : {}),
        version: values('version', '+', 1),
      }))
      .where('id', '=', end.row.id)
      .execute();
  }

  /** Of the streams that read one scope each: how many there are, and how many fail in this way. */
  async countFailing(tx: Tx, connectionId: ConnectionId, failure: string): Promise<{ all: number; failing: number }> {
    const [row] = await tx.sql<{ all: number; failing: number }>(
      `select count(distinct remote_scope_id)::int as all, (count(distinct remote_scope_id) filter (where last_failure = $3))::int as failing
       from plugin_stream where msp_id = $1 and connection_id = $2 and remote_scope_id is not null and not is_paused`,
      [tx.scope.mspId, connectionId, failure],
    );
    return row ?? { all: 0, failing: 0 };
  }

  /** Puts the streams of a connection, or one of them, at the head of the queue. */
  async nudge(
    tx: Tx,
    which: {
      readonly connectionId: ConnectionId;
      readonly scopeId?: RemoteScopeId | null;
      readonly names?: readonly string[];
    },
    now: Temporal.Instant,
  ): Promise<StreamId[]> {
    let update = tx.query
      .updateTable('plugin_stream')
      .set({ next_at: now })
      .where('connection_id', '=', which.connectionId)
      .where('is_paused', '=', false);
    if (which.scopeId !== undefined && which.scopeId !== null) {
      const scopeId = which.scopeId;
      update = update.where((where) =>
        where.or([where('remote_scope_id', '=', scopeId), where('remote_scope_id', 'is', null)]),
      );
    }
    if (which.names !== undefined) update = update.where('name', 'in', which.names);
    return (await update.returning('id').execute()).map((row) => row.id);
  }

  /** The streams of one scope follow it to its client, or lose it. */
  async rehome(tx: Tx, scopeId: RemoteScopeId, clientId: ClientId | null): Promise<void> {
    for (const table of ['plugin_pass_page', 'plugin_run'] as const)
      await tx.sql(
        `update ${table} t set client_id = $3 from plugin_stream s where s.msp_id = $1 and s.remote_scope_id = $2 and t.msp_id = $1 and t.stream_id = s.id`,
        [tx.scope.mspId, scopeId, clientId],
      );
    await tx.query
      .updateTable('plugin_stream')
      .set({ client_id: clientId })
      .where('remote_scope_id', '=', scopeId)
      .execute();
  }

  /** Deletes passes that ended before an instant. */
  async forgetRuns(tx: Tx, before: Temporal.Instant): Promise<number> {
    const rows = await tx.query.deleteFrom('plugin_run').where('started_at', '<', before).returning('id').execute();
    return rows.length;
  }
}
