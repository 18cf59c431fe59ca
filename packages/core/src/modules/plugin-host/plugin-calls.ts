import type { BoundScope, Json } from '@bailiwick/sdk';
import {
  CallFailed,
  type Binding,
  type Call,
  type CallAnswers,
  type CallOptions,
  type PullAnswers,
  type PullCall,
  type Services,
} from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assertAllowed, isAwaited, isReadOnly, kindOf, writesOnce } from './call-grants.ts';
import type { CallOutcome } from './call-outcome-store.ts';
import { CallRecord } from './call-record.ts';
import type { ConnectionBreaker } from './connection-breaker.ts';
import type { ConnectionQueries } from './connection-queries.ts';
import type { OpenConnection, OpenConnections } from './open-connections.ts';
import type { ConnectionId, PluginHostTables } from './plugin-host-table.ts';
import type { PluginState } from './plugin-state-store.ts';

/** What a call is made for. */
export interface CallTarget {
  readonly connectionId: ConnectionId;
  /**
   * The scope that the call is bound to, as plugin-scopes resolved it for the caller; whoever passes one has checked that the caller may act on it. Null is the
   * connection itself, which the caller must reach.
   */
  readonly remote: BoundScope | null;
  /** The row of that scope, so that issues stand at it. */
  readonly remoteScopeId?: string;
  /** Longest wait for the answer, or for one batch; 60 where absent. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

interface Deps {
  readonly db: ScopedDb;
  readonly queries: ConnectionQueries;
  readonly open: OpenConnections;
  readonly state: PluginState;
  readonly outcome: CallOutcome;
  readonly breaker: ConnectionBreaker;
  readonly clock: Clock;
}

/** A call under way. */
interface Running {
  readonly opened: OpenConnection;
  readonly record: CallRecord;
  readonly options: CallOptions;
}

/**
 * Calls into plugins. Each call is resolved anew: the plugin is enabled, the connection is active, the contribution is there and granted; then it is bound to its connection and scope,
 * and what it did is counted. Never call within a transaction: a call waits for a vendor, and writes down how it ended on its own.
 */
export class PluginCalls {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /** One answer, unchecked by domain rules. `readOnly` refuses requests that could write. Throws `CallFailed`, `plugin-host.connection-not-found`. */
  async call<C extends Call>(
    scope: TenantScope,
    target: CallTarget & { call: C; readOnly?: boolean },
  ): Promise<CallAnswers[C['kind']]> {
    const running = await this.#begin(scope, target, target.readOnly ?? false);
    try {
      const answer = await running.opened.plugin.call(target.call, running.options);
      await this.#end(target, running, null, true);
      return running.opened.broker.redactor.json((answer ?? null) as Json) as CallAnswers[C['kind']];
    } catch (error) {
      throw await this.#fail(target, running, error);
    } finally {
      running.opened.release();
    }
  }

  /** Pulls one batch at a time; leaving the loop ends the call inside. Throws as `call` does, at the first pull. */
  async *pull<C extends PullCall>(
    scope: TenantScope,
    target: CallTarget & { call: C },
  ): AsyncGenerator<PullAnswers[C['kind']]> {
    const running = await this.#begin(scope, target, false);
    let isEnded = false;
    try {
      for await (const batch of running.opened.plugin.pull(target.call, running.options)) yield batch;
      isEnded = true;
      await this.#end(target, running, null, true);
    } catch (error) {
      if (isEnded) throw error;
      isEnded = true;
      throw await this.#fail(target, running, error);
    } finally {
      // The caller left the loop: what it has is good, but this was not the whole.
      if (!isEnded) await this.#end(target, running, null, false);
      running.opened.release();
    }
  }

  async #begin(
    scope: TenantScope,
    target: CallTarget & { call: Call | PullCall },
    readOnly: boolean,
  ): Promise<Running> {
    const { queries, open, breaker } = this.#deps;
    const { connectionId, remote, call } = target;
    // The caller's own reach; for a scope it was checked by whoever resolved it.
    if (remote === null) await queries.byId(scope, connectionId);
    const opened = await open.open(scope.mspId, connectionId);
    try {
      assertAllowed(opened.connection, call, remote);
      if (!isAwaited(call)) breaker.assertClosed(connectionId);
      const record = new CallRecord(opened.broker.redactor);
      const http = opened.broker.bind({
        scope: remote,
        priority: isAwaited(call) ? 'action' : 'background',
        readOnly: readOnly || isReadOnly(call),
        writesOnce: writesOnce(opened.connection, call),
      });
      return {
        opened,
        record,
        options: {
          binding: this.#binding(opened, remote),
          services: this.#services(opened, remote, record, http.http),
          ...(target.signal === undefined ? {} : { signal: target.signal }),
          ...(target.timeoutSeconds === undefined ? {} : { timeoutSeconds: target.timeoutSeconds }),
        },
      };
    } catch (error) {
      opened.release();
      throw error;
    }
  }

  #binding({ connection }: OpenConnection, remote: BoundScope | null): Binding {
    return {
      connection: connection.type.name,
      config: connection.config,
      scope: remote,
      now: this.#deps.clock.now().toString(),
      seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
      grants: { state: connection.capabilities.state === true },
    };
  }

  #services(
    { scope, owner }: OpenConnection,
    remote: BoundScope | null,
    record: CallRecord,
    http: Services['http'],
  ): Services {
    const { state } = this.#deps;
    const place = remote?.id ?? '';
    return {
      http,
      stateGet: (key) => state.get(scope, owner, place, key),
      stateSet: (key, value) => state.set(scope, owner, place, key, value),
      stateDelete: (key) => state.delete(scope, owner, place, key),
      log: (level, message, fields) => record.log(level, message, fields),
      raiseIssue: (issue) => record.raise(issue),
    };
  }

  async #fail(target: CallTarget & { call: Call | PullCall }, running: Running, error: unknown): Promise<CallFailed> {
    const { redactor } = running.opened.broker;
    // What is no CallFailed is a fault of ours; its text may hold anything.
    if (!(error instanceof CallFailed)) throw error;
    const failure = new CallFailed(error.failure, redactor.text(error.message), error.details);
    await this.#end(target, running, failure, false);
    return failure;
  }

  async #end(
    target: CallTarget & { call: Call | PullCall },
    { opened, record }: Running,
    failure: CallFailed | null,
    isComplete: boolean,
  ): Promise<void> {
    const { breaker, outcome } = this.#deps;
    if (failure === null) breaker.succeeded(target.connectionId);
    else breaker.failed(target.connectionId, failure.failure);
    await this.#db.transaction(opened.scope, (tx) =>
      outcome.write(tx, {
        connection: opened.connection,
        kind: kindOf(target.call),
        remote: target.remote?.id ?? '',
        remoteScopeId: target.remoteScopeId ?? null,
        record,
        failure,
        isComplete,
      }),
    );
  }
}
