import type { BoundScope, Json, LimitRule } from '@bailiwick/sdk';
import type { ConnectionDescription } from '../description.ts';
import type { EgressPolicy } from '../egress/policy.ts';
import type { Transport } from '../egress/transport.ts';
import type { Services } from '../invocation.ts';
import type { BrokerClock } from './clock.ts';
import type { CredentialStore } from './credential-store.ts';
import type { Recorder } from './exchange.ts';

/** One connection as the broker needs it. The secrets are opened; they stay in this process. */
export interface BrokerConnection {
  /** Names the connection in the credential store. */
  readonly id: string;
  readonly type: ConnectionDescription;
  /** Without secrets. */
  readonly config: Readonly<Record<string, Json>>;
  /** By the names of the `secret` fields. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly policy: EgressPolicy;
  /** Instead of the declared limits, where the operator gave some. */
  readonly limits?: readonly LimitRule[];
}

export interface BrokerOptions {
  readonly connection: BrokerConnection;
  /** `new Egress(…)`, or a stand-in. Closed with the broker. */
  readonly transport: Transport;
  readonly store: CredentialStore;
  readonly clock?: BrokerClock;
  /** For jitter; in [0, 1). */
  readonly random?: () => number;
  readonly record?: Recorder;
}

/** What one call of the plugin may send. */
export interface CallBinding {
  readonly scope: BoundScope | null;
  /** Actions go first, and a fifth of every limit is kept for them. Absent: `background`. */
  readonly priority?: 'action' | 'background';
  /** While planning: only GET, HEAD and POST that `reads`. */
  readonly readOnly?: boolean;
  /** For `apply` and `undo` of an action whose idempotency is `none`: what may write is sent again only where no byte of it can have reached the vendor. */
  readonly writesOnce?: boolean;
  /** Requests in this call, retries included; 20,000 where absent. */
  readonly maxRequests?: number;
  /** Longest wait for the limits and between retries, for one request; 30,000 where absent. Beyond it the call ends with RateLimited. */
  readonly patienceMs?: number;
}

/** What `Services` takes from the broker. */
export interface BoundHttp {
  readonly http: Services['http'];
  /** Requests sent so far. */
  readonly sent: number;
}
