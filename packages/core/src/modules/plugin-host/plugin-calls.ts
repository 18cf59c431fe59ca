import type { BoundScope } from '@bailiwick/sdk';
import { CallFailed, type Call, type CallAnswers, type PullAnswers, type PullCall } from '@bailiwick/plugin-runtime';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ConnectionId } from './plugin-host-table.ts';

/** What a call is made for. */
export interface CallTarget {
  readonly connectionId: ConnectionId;
  /**
   * The scope that the call is bound to, as plugin-scopes resolved it for the caller; whoever passes one has checked that the caller may act on it. Null is the
   * connection itself, which the caller must reach.
   */
  readonly remote: BoundScope | null;
}

/**
 * Calls into plugins. Each call is resolved anew: the plugin is enabled, the connection is active, the contribution is there and granted; then it is bound to its connection and scope,
 * and what it did is counted.
 */
export class PluginCalls {
  /** One answer, unchecked by domain rules. `readOnly` refuses requests that could write. Throws `CallFailed`, `plugin-host.connection-not-found`. */
  async call<C extends Call>(
    _scope: TenantScope,
    _target: CallTarget & { call: C; timeoutSeconds?: number; readOnly?: boolean; signal?: AbortSignal },
  ): Promise<CallAnswers[C['kind']]> {
    throw new CallFailed('NotSupported', 'No plugin can run yet.');
  }

  /** Pulls one batch at a time; leaving the loop ends the call inside. Throws as `call` does, at the first pull. */
  // oxlint-disable-next-line require-yield
  async *pull<C extends PullCall>(
    _scope: TenantScope,
    _target: CallTarget & { call: C; timeoutSeconds?: number; signal?: AbortSignal },
  ): AsyncGenerator<PullAnswers[C['kind']]> {
    throw new CallFailed('NotSupported', 'No plugin can run yet.');
  }
}
