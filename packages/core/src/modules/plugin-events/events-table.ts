import type { CoreEvent, CoreEventName } from '@bailiwick/sdk';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import { idSchema, type ClientId, type Id, type MspId } from '#kernel/id';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';

export type WebhookId = Id<'plugin-webhook'>;
export type DeliveryId = Id<'plugin-delivery'>;
export type EventDeliveryId = Id<'plugin-event-delivery'>;
export const webhookIdSchema = idSchema('plugin-webhook');
export const deliveryIdSchema = idSchema('plugin-delivery');
export const eventDeliveryIdSchema = idSchema('plugin-event-delivery');

/** `quarantined`: its records are kept, and no client has them. `unroutable`: it is about a scope that is not known here, or not read. */
export const DELIVERY_STATES = ['waiting', 'done', 'quarantined', 'unroutable', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** `dropped`: when its turn came, the plugin was no longer to be told. */
export const EVENT_DELIVERY_STATES = ['waiting', 'done', 'dropped', 'failed'] as const;
export type EventDeliveryState = (typeof EVENT_DELIVERY_STATES)[number];

/** What a delivery did; empty until it is handled. */
export interface DeliveryResult {
  readonly added?: number;
  readonly changed?: number;
  readonly deleted?: number;
  readonly refused?: number;
  readonly nudged?: number;
}

/** What a row that waits for its turn has. */
interface Turn {
  attempts: Generated<number>;
  next_at: Temporal.Instant | null;
  lease_until: Temporal.Instant | null;
}

export interface PluginEventTables {
  plugin_webhook: {
    msp_id: MspId;
    id: WebhookId;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    name: string;
    sealed_address: Buffer;
    previous_until: Temporal.Instant | null;
    received: Generated<number>;
    refused: Generated<number>;
    refused_in_row: Generated<number>;
    unroutable: Generated<number>;
    last_received_at: Temporal.Instant | null;
    last_refused_at: Temporal.Instant | null;
    last_refusal: string | null;
    created_at: Temporal.Instant;
  };
  plugin_delivery: Turn & {
    msp_id: MspId;
    id: DeliveryId;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    webhook_id: WebhookId;
    scope_id: RemoteScopeId | null;
    sealed_delivery: Buffer | null;
    size_bytes: number;
    state: DeliveryState;
    message: Generated<string>;
    result: ColumnType<DeliveryResult, string | undefined, string>;
    received_at: Temporal.Instant;
    ended_at: Temporal.Instant | null;
  };
  plugin_delivery_key: {
    msp_id: MspId;
    client_id: ClientId | null;
    webhook_id: WebhookId;
    key: string;
    expires_at: Temporal.Instant;
  };
  plugin_event_delivery: Turn & {
    msp_id: MspId;
    id: EventDeliveryId;
    client_id: ClientId;
    connection_id: ConnectionId;
    scope_id: RemoteScopeId | null;
    subscriber: string;
    event_id: string;
    event_name: CoreEventName;
    event: JSONColumnType<CoreEvent, string, string>;
    state: EventDeliveryState;
    message: Generated<string>;
    created_at: Temporal.Instant;
    ended_at: Temporal.Instant | null;
  };
}
