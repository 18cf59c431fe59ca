import { runPass, type PassReport, type StreamDescription } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { MarkSeen } from '#modules/assets';
import type { ConnectionQueries, PluginCalls } from '#modules/plugin-host';
import { toBoundScope, type RemoteScope, type ScopeQueries, whyOff } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { EntityStore, ScopeHome } from './entity-store.ts';
import type { StreamFailures } from './stream-failures.ts';
import type { StreamRow, StreamStateStore } from './stream-state-store.ts';
import { PassOvertaken, PostgresStreamStore } from './stream-store.ts';
import { nextTurn, outcomeOf } from './pass-outcome.ts';
import { runStream } from './sync-jobs.ts';
import type { RunId, StreamId, SyncTables } from './sync-table.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly clock: Clock;
  readonly jobs: JobQueue;
  readonly connections: ConnectionQueries;
  readonly calls: PluginCalls;
  readonly scopes: ScopeQueries;
  readonly entities: EntityStore;
  readonly markSeen: MarkSeen;
  readonly streams: StreamStateStore;
  readonly failures: StreamFailures;
  readonly live: LiveHub;
}

/** One pass ends after so many batches and goes on in a new job: a worker must not be held by one account for hours. */
const BATCHES_A_JOB = 500;

/** Runs one pass of a stream, from its lease to its next turn. */
export class RunStream {
  readonly #db: ScopedDb<SyncTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SyncTables>();
    this.#deps = deps;
  }

  /** Does nothing where another worker runs it, where it is paused, or where it is gone. */
  async run(scope: TenantScope, streamId: StreamId): Promise<PassReport | null> {
    const { streams, clock } = this.#deps;
    const row = await this.#db.transaction(scope, (tx) => streams.lease(tx, streamId, clock.now()));
    if (row === undefined) return null;
    const plan = await this.#plan(scope, row);
    if (plan === null) {
      await this.#db.transaction(scope, (tx) => streams.release(tx, streamId, clock.now()));
      return null;
    }
    const runId = await this.#db.transaction(scope, (tx) => streams.startRun(tx, row, clock.now()));
    const report = await this.#pass(scope, row, plan);
    if (report !== null) await this.#end(scope, { row, runId, plan, report });
    return report;
  }

  async #plan(scope: TenantScope, row: StreamRow): Promise<Plan | null> {
    const { connections, scopes } = this.#deps;
    const connection = await connections.byId(scope, row.connection_id);
    const stream = connection.description.streams.find(
      (candidate) => candidate.name === row.name && candidate.connection === connection.type.name,
    );
    // A broken one has an issue already; asking again could only say it once more.
    if (stream === undefined || connection.state !== 'active') return null;
    const all = await scopes.all(scope, row.connection_id);
    // A record of no scope that is listed is refused: what a person has just connected would complain before its scopes are there.
    if (all.length === 0) return null;
    if (row.remote_scope_id === null) return { stream, remote: null, homes: homesOf(all) };
    const remote = all.find((candidate) => candidate.id === row.remote_scope_id);
    const isReadable = remote !== undefined && whyOff(remote, 'reads') === null;
    return isReadable ? { stream, remote, homes: homesOf([remote]) } : null;
  }

  async #pass(scope: TenantScope, row: StreamRow, { stream, remote, homes }: Plan): Promise<PassReport | null> {
    const { calls, entities, markSeen, jobs, clock } = this.#deps;
    const store = new PostgresStreamStore({ db: this.#db, entities, markSeen, jobs, clock }, scope, {
      streamId: row.id,
      connectionId: row.connection_id,
      clientId: row.client_id,
      mode: stream.mode,
      cursorVersion: stream.cursorVersion,
      homes,
    });
    const bound = remote === null ? null : toBoundScope(remote);
    try {
      return await runPass({
        pull: (call) => calls.pull(scope, { connectionId: row.connection_id, remote: bound, call }),
        stream,
        store,
        scopes:
          remote === null
            ? { kind: 'known', scopes: new Set(homes.keys()) }
            : { kind: 'bound', scope: remote.externalId },
        budget: { batches: BATCHES_A_JOB },
        acceptsSweep: row.is_sweep_accepted,
      });
    } catch (error) {
      if (error instanceof PassOvertaken) return null;
      throw error;
    }
  }

  async #end(
    scope: TenantScope,
    pass: { row: StreamRow; runId: RunId; plan: Plan; report: PassReport },
  ): Promise<void> {
    const { connections, streams, failures, jobs, live, clock } = this.#deps;
    const { row, plan, report } = pass;
    const isRefused = report.failure?.failure === 'AuthFailed';
    const isKnown = isRefused && (await connections.byId(scope, row.connection_id)).state === 'broken';
    const outcome = outcomeOf(report);
    const failed = outcome === 'failed' ? row.failures + 1 : 0;
    const every =
      row.every_seconds === null
        ? Temporal.Duration.from(plan.stream.every)
        : Temporal.Duration.from({ seconds: row.every_seconds });
    const now = clock.now();
    const nextAt = nextTurn({
      now,
      every,
      outcome,
      failures: failed,
      retryAfterSeconds: report.failure?.details.retryAfterSeconds,
    });
    await this.#db.transaction(scope, async (tx) => {
      await streams.endRun(tx, { runId: pass.runId, row, report, outcome, failures: failed, nextAt, now });
      await failures.judge(tx, { row, report, outcome, failures: failed, isKnown });
      const at = { clientId: row.client_id, id: row.connection_id, version: 0 };
      live.touch(tx, { ...at, topic: 'plugin-connection' });
      if (report.added + report.changed + report.deleted > 0) live.touch(tx, { ...at, topic: 'plugin-record' });
      await jobs.send(
        tx,
        runStream,
        { streamId: row.id },
        { startAfter: nextAt, singletonKey: `${row.id}/${nextAt.epochMilliseconds}` },
      );
    });
  }
}

interface Plan {
  readonly stream: StreamDescription;
  readonly remote: RemoteScope | null;
  readonly homes: ReadonlyMap<string, ScopeHome>;
}

function homesOf(scopes: readonly RemoteScope[]): Map<string, ScopeHome> {
  // A mapping that is lost or expired keeps its records with its client.
  return new Map(scopes.map((scope) => [scope.externalId, { scopeId: scope.id, clientId: scope.clientId }]));
}
