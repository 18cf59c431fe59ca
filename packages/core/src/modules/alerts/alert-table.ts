import type { Generated, GeneratedAlways } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { CheckId, Severity } from '#modules/monitoring';

export type AlertId = Id<'alert'>;
export type AlertState = 'open' | 'acknowledged' | 'recovered';
export type AlertEventKind = 'raised' | 'repeated' | 'acknowledged' | 'recovered';

export interface AlertTables {
  alert: {
    msp_id: MspId;
    id: AlertId;
    client_id: ClientId;
    asset_id: AssetId | null;
    check_id: CheckId | null;
    fingerprint: string;
    source: string;
    title: string;
    message: string;
    series: string;
    severity: Severity;
    state: AlertState;
    value: number | null;
    threshold: number | null;
    occurrence_count: Generated<number>;
    opened_at: Temporal.Instant;
    last_seen_at: Temporal.Instant;
    acknowledged_at: Temporal.Instant | null;
    acknowledged_by: string | null;
    recovered_at: Temporal.Instant | null;
    version: Generated<number>;
    is_active: GeneratedAlways<boolean>;
  };
  alert_event: {
    msp_id: MspId;
    id: Id<'alert-event'>;
    client_id: ClientId;
    alert_id: AlertId;
    kind: AlertEventKind;
    at: Temporal.Instant;
    message: string;
    value: number | null;
    actor_label: string;
  };
}
