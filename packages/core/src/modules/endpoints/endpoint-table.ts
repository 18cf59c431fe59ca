import type { Decimal } from 'decimal.js';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { OrderKind, OrderPolicy, PackageOutcome, SignedOrder, StreamName } from '@bailiwick/agent-protocol';
import { idSchema, type ClientId, type Id, type MspId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { SiteId } from '#modules/tenancy';
import type { OrderState } from './order.ts';

export type AgentId = Id<'endpoint-agent'>;
export type EnrolmentTokenId = Id<'endpoint-token'>;
export type OrderId = Id<'endpoint-order'>;
export const agentIdSchema = idSchema('endpoint-agent');
export const enrolmentTokenIdSchema = idSchema('endpoint-token');
export const orderIdSchema = idSchema('endpoint-order');

/** `quarantined`: two machines seem to hold its key; nothing is taken from it until a person decides. */
export type AgentState = 'active' | 'quarantined' | 'revoked';

export interface EndpointTables {
  endpoint_order_key: {
    msp_id: MspId;
    id: string;
    public_key: string;
    sealed_private_key: Buffer;
    is_current: boolean;
    created_at: Temporal.Instant;
  };
  endpoint_token: {
    msp_id: MspId;
    id: EnrolmentTokenId;
    client_id: ClientId;
    site_id: SiteId | null;
    label: string;
    max_uses: number;
    uses: Generated<number>;
    expires_at: Temporal.Instant;
    revoked_at: Temporal.Instant | null;
    created_by: string;
    created_at: Temporal.Instant;
  };
  endpoint_agent: {
    msp_id: MspId;
    id: AgentId;
    client_id: ClientId;
    asset_id: AssetId;
    token_id: EnrolmentTokenId | null;
    public_key: string;
    hostname: string;
    platform: string;
    agent_version: string;
    order_policy: OrderPolicy;
    state: AgentState;
    state_reason: string | null;
    run_id: string | null;
    run_highest: Generated<number>;
    run_seen: ColumnType<Decimal, string | undefined, string>;
    run_latest_signed_ms: Generated<number>;
    last_seen_at: Temporal.Instant | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  endpoint_stream_mark: {
    msp_id: MspId;
    client_id: ClientId;
    agent_id: AgentId;
    stream: StreamName;
    epoch: string;
    sequence: number;
    updated_at: Temporal.Instant;
  };
  endpoint_order: {
    msp_id: MspId;
    id: OrderId;
    client_id: ClientId;
    asset_id: AssetId;
    agent_id: AgentId;
    kind: OrderKind;
    payload: JSONColumnType<object, string, never>;
    signed: JSONColumnType<SignedOrder, string, never>;
    reason: string;
    requested_by: string;
    requested_by_label: string;
    state: OrderState;
    exit_code: number | null;
    message: string | null;
    packages: JSONColumnType<PackageOutcome[], string | null, string | null> | null;
    output_bytes: Generated<number>;
    is_output_truncated: Generated<boolean>;
    issued_at: Temporal.Instant;
    expires_at: Temporal.Instant;
    delivered_at: Temporal.Instant | null;
    started_at: Temporal.Instant | null;
    finished_at: Temporal.Instant | null;
    version: Generated<number>;
  };
  endpoint_order_output: {
    msp_id: MspId;
    client_id: ClientId;
    order_id: OrderId;
    index: number;
    channel: 'stdout' | 'stderr';
    text: string;
  };
}
