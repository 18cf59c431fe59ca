import type { ClientId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Severity } from './check.ts';
import type { CheckId } from './monitoring-table.ts';

/** What names one thing that a check watches: with it, a breach and its recovery find each other. */
export interface WatchedThing {
  readonly clientId: ClientId;
  readonly assetId: AssetId;
  readonly checkId: CheckId;
  /** Empty for a check of absence. */
  readonly series: string;
}

/** A check that began to fire. */
export interface Breach extends WatchedThing {
  readonly checkName: string;
  readonly severity: Severity;
  readonly at: Temporal.Instant;
  readonly value: number;
  readonly threshold: number;
  /** A sentence such as `filesystem.used_percent{mount="/"} has been above 90 for 10 minutes (94.2)`. */
  readonly message: string;
}

/** A check that fired and is all right again, or watches no longer. */
export interface Recovery extends WatchedThing {
  readonly at: Temporal.Instant;
  readonly message: string;
}

/**
 * Where breaches go: monitoring needs it, `alerts` gives it. Called in the transaction that stores the samples, so that there is no breach without its
 * alert, and never a recovery that overtakes its breach.
 */
export interface BreachSink {
  breached(tx: AnyTransaction, breach: Breach): Promise<void>;
  recovered(tx: AnyTransaction, recovery: Recovery): Promise<void>;
}
