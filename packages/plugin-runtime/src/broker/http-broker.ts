import type { BoundHttp, BrokerOptions, CallBinding } from './broker-types.ts';
import { Redactor } from './redactor.ts';

/**
 * `ctx.http` of one connection: puts the credential in, keeps to limits, retries, turns refusals into typed errors, and lets no secret out.
 * One instance serves all calls of a connection in this process, so that they share its limits, tokens and open connections.
 */
export class HttpBroker {
  /** Knows every secret and token of this connection; for logs, issues and diagnostics too. */
  readonly redactor: Redactor;

  constructor(options: BrokerOptions) {
    this.redactor = new Redactor(Object.values(options.connection.secrets));
  }

  /** What one call gets as `Services.http`. Errors are PluginErrors of the SDK, without secrets. */
  bind(call: CallBinding): BoundHttp {
    throw new Error(`The broker does not send requests yet (${call.scope?.id ?? 'connection'}).`);
  }

  /** Forgets tokens, so that the next request signs in again: for a plugin that learned from a 200 that its session ended. Null: the connection's own. */
  async forgetTokens(scopeId: string | null): Promise<void> {
    throw new Error(`No tokens are kept yet (${scopeId ?? 'connection'}).`);
  }

  /** Ends what is in flight and closes connections. */
  close(): void {
    throw new Error('Nothing is open yet.');
  }
}
