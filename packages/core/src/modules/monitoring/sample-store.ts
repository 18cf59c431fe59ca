import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Bucket, Resolution } from './rollup.ts';

/** Samples of one moment: `values[i]` belongs to `series[i]`, a text such as `filesystem.used_percent{mount="/"}`. */
export interface Report {
  /** Rises within its epoch; what is at or below the highest stored one was sent twice. */
  readonly sequence: number;
  readonly at: Temporal.Instant;
  readonly series: readonly string[];
  readonly values: readonly number[];
}

/** Whose samples, and from which spool: a new epoch counts its sequence from the start again. */
export interface Stream {
  readonly clientId: ClientId;
  readonly assetId: AssetId;
  readonly epoch: string;
}

export interface Appended {
  /** Those that had not been stored before. */
  readonly fresh: readonly Report[];
  /** The newest time that this asset's streams had reached before; null if they had none. */
  readonly reachedBefore: Temporal.Instant | null;
}

/** A series of an asset, as the catalogue knows it. */
export interface SeriesEntry {
  readonly series: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly unit: string | null;
}

export interface RangeQuery {
  readonly assetId: AssetId;
  readonly series: readonly string[];
  /** Inclusive. */
  readonly from: Temporal.Instant;
  /** Exclusive. */
  readonly to: Temporal.Instant;
  readonly resolution: Resolution;
}

/** Where samples are. Ours is PostgreSQL; an external store of the Prometheus kind can serve the same. */
export interface SampleStore {
  /** Stores what is new of these reports, in the caller's transaction. Given the same reports again it changes nothing. */
  append(
    tx: AnyTransaction,
    stream: Stream,
    reports: readonly Report[],
    receivedAt: Temporal.Instant,
  ): Promise<Appended>;
  /** Buckets of each series in the order of time; at resolution `samples` each holds one. A series without any is an empty list. */
  range(scope: TenantScope, query: RangeQuery): Promise<ReadonlyMap<string, Bucket[]>>;
  /** All series of an asset, by their text. */
  series(scope: TenantScope, assetId: AssetId): Promise<SeriesEntry[]>;
}
