import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { CheckKind, Comparison, Severity } from './check.ts';

export type CheckId = Id<'check'>;
export type OverrideId = Id<'check-override'>;

interface OfAsset {
  msp_id: MspId;
  client_id: ClientId;
  asset_id: AssetId;
}
type Labels = JSONColumnType<Readonly<Record<string, string>>, string, string>;

export interface MonitoringTables {
  metric_stream: OfAsset & {
    epoch: string;
    sequence: number;
    last_at: Temporal.Instant;
    received_at: Temporal.Instant;
    is_watched: Generated<boolean>;
  };
  metric_series: OfAsset & {
    number: number;
    series: string;
    name: string;
    labels: Labels;
    unit: string | null;
    first_at: Temporal.Instant;
  };
  metric_report: OfAsset & {
    at: Temporal.Instant;
    stream: number;
    sequence: number;
    series: number[];
    value: number[];
  };
  metric_block: OfAsset & {
    series: number;
    hour: Temporal.Instant;
    count: number;
    minimum: number;
    maximum: number;
    mean: number;
    samples: Buffer | null;
  };
  monitoring_watch: { msp_id: MspId; listening_since: Temporal.Instant; last_sweep_at: Temporal.Instant };
  monitoring_check: {
    msp_id: MspId;
    id: CheckId;
    name: string;
    kind: CheckKind;
    metric: string;
    labels: Labels;
    comparison: Comparison;
    threshold: number;
    recover_threshold: number;
    for_seconds: number;
    severity: Severity;
    is_enabled: boolean;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  monitoring_override: {
    msp_id: MspId;
    id: OverrideId;
    client_id: ClientId;
    asset_id: AssetId | null;
    check_id: CheckId;
    is_enabled: boolean;
    threshold: number | null;
    recover_threshold: number | null;
    for_seconds: number | null;
    severity: Severity | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  monitoring_state: OfAsset & {
    check_id: CheckId;
    series: string;
    phase: 'pending' | 'firing';
    since: Temporal.Instant;
    last_at: Temporal.Instant;
    last_value: number;
  };
}
