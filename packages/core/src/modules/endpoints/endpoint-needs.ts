import type { MetricSamples, PackageOutcome, Updates } from '@bailiwick/agent-protocol';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { AgentId } from './endpoint-table.ts';

/** Whose report it is. */
export interface ReportOrigin {
  readonly agentId: AgentId;
  readonly assetId: AssetId;
  readonly clientId: ClientId;
}

/** One moment's samples, with the place in the agent's stream that makes storing them twice impossible. */
export interface SampleBatch {
  readonly epoch: string;
  readonly sequence: number;
  readonly at: Temporal.Instant;
  readonly samples: MetricSamples;
}

/**
 * Where reports go that modules after this one own. Called in the transaction that acknowledges them: what is acknowledged is stored. Monitoring and patching fill it
 * at composition.
 */
export interface ReportSink {
  /** Answers the batches that can never be stored, and why. */
  metrics(
    scope: TenantScope,
    origin: ReportOrigin,
    batches: readonly SampleBatch[],
    tx: AnyTransaction,
  ): Promise<readonly { sequence: number; code: string; message: string }[]>;
  updates(
    scope: TenantScope,
    origin: ReportOrigin,
    updates: Updates,
    at: Temporal.Instant,
    tx: AnyTransaction,
  ): Promise<void>;
  /** An order reached its end. */
  orderEnded(
    scope: TenantScope,
    origin: ReportOrigin,
    order: {
      id: string;
      kind: string;
      state: string;
      message?: string;
      packages: readonly PackageOutcome[];
    },
    tx: AnyTransaction,
  ): Promise<void>;
}
