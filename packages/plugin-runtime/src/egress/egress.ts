import type { EgressPolicy } from './policy.ts';
import type { Resolve } from './resolve.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

/** How one connection's egress is set up. */
export interface EgressOptions {
  readonly policy: EgressPolicy;
  /** Certificate authorities (PEM) that an administrator approved for this connection, besides the public ones. */
  readonly certificateAuthorities?: readonly string[];
  /** The system's where absent. */
  readonly resolve?: Resolve;
  /** Body after decompression; 32 MiB where absent. */
  readonly maxBodyBytes?: number;
}

/** HTTP(S) of one connection: one instance for each (plugin, connection), so that open connections are never shared between two. */
export class Egress implements Transport {
  readonly #policy: EgressPolicy;

  constructor(options: EgressOptions) {
    this.#policy = options.policy;
  }

  async send(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse> {
    throw new Error(`Not there yet: ${request.method} ${this.#policy.hosts.length} ${signal.aborted}`);
  }

  close(): void {
    throw new Error('Nothing is open yet.');
  }
}
