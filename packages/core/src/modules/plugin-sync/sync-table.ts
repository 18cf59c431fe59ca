import type { ColumnType, Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AlertId } from '#modules/alerts';
import type { AssetId } from '#modules/assets';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';

export type StreamId = Id<'plugin-stream'>;
export type EntityId = Id<'plugin-entity'>;
export type RunId = Id<'plugin-run'>;

export type RunOutcome = 'running' | 'succeeded' | 'held-back' | 'failed' | 'stopped';
type Json = ColumnType<unknown, string, string>;

export interface SyncTables {
  plugin_stream: {
    msp_id: MspId;
    id: StreamId;
    connection_id: ConnectionId;
    remote_scope_id: RemoteScopeId | null;
    client_id: ClientId | null;
    name: string;
    entity: string;
    is_paused: Generated<boolean>;
    every_seconds: number | null;
    next_at: Temporal.Instant;
    lease_until: Temporal.Instant | null;
    is_in_pass: Generated<boolean>;
    generation: Generated<number>;
    cursor: ColumnType<unknown, string | null, string | null>;
    cursor_version: Generated<number>;
    live_count: Generated<number>;
    failures: Generated<number>;
    last_failure: string | null;
    last_message: string | null;
    last_started_at: Temporal.Instant | null;
    last_success_at: Temporal.Instant | null;
    held_back: number | null;
    is_sweep_accepted: Generated<boolean>;
    version: Generated<number>;
  };
  plugin_pass_page: {
    msp_id: MspId;
    id: Id<'plugin-pass-page'>;
    client_id: ClientId | null;
    stream_id: StreamId;
    generation: number;
    entity_ids: EntityId[];
  };
  plugin_run: {
    msp_id: MspId;
    id: RunId;
    client_id: ClientId | null;
    stream_id: StreamId;
    connection_id: ConnectionId;
    started_at: Temporal.Instant;
    ended_at: Temporal.Instant | null;
    outcome: RunOutcome;
    failure: string | null;
    message: string | null;
    batches: Generated<number>;
    added: Generated<number>;
    changed: Generated<number>;
    unchanged: Generated<number>;
    deleted: Generated<number>;
    refused: Generated<number>;
    refusals: ColumnType<readonly { id: string; scope: string; reason: string }[], string | undefined, string>;
  };
  plugin_entity: {
    msp_id: MspId;
    id: EntityId;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    remote_scope_id: RemoteScopeId;
    stream_id: StreamId | null;
    entity: string;
    external_id: string;
    name: string;
    device_ref: string | null;
    data: Json;
    observed: Json;
    hash: string;
    first_seen_at: Temporal.Instant;
    changed_at: Temporal.Instant;
    deleted_at: Temporal.Instant | null;
    is_landing_due: boolean;
    landing_problem: string | null;
    asset_id: AssetId | null;
    alert_id: AlertId | null;
    version: Generated<number>;
  };
  plugin_entity_version: {
    msp_id: MspId;
    id: Id<'plugin-entity-version'>;
    client_id: ClientId | null;
    entity_id: EntityId;
    at: Temporal.Instant;
    kind: 'added' | 'changed' | 'deleted';
    data: Json;
  };
}
