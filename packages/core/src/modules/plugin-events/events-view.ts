import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { connectionIdSchema } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import {
  DELIVERY_STATES,
  deliveryIdSchema,
  EVENT_DELIVERY_STATES,
  eventDeliveryIdSchema,
  webhookIdSchema,
} from './events-table.ts';

/** A webhook of a connection. */
export const webhookView = z.object({
  id: webhookIdSchema,
  connectionId: connectionIdSchema,
  name: z.string(),
  label: z.string(),
  /** What to do at the vendor; with the address filled in for those who may see it. */
  setUp: z.string(),
  /** Where the vendor delivers; null for those who may not manage webhooks. */
  address: z.string().nullable(),
  /** How it is known that a delivery is the vendor's. */
  verification: z.enum(['standard-webhooks', 'hmac', 'header', 'body', 'basic', 'address']),
  /** The address before this one is taken until then. */
  previousUntil: z.iso.datetime().nullable(),
  received: z.int(),
  refused: z.int(),
  /** Deliveries, or records of them, that belong to no scope that is read here. */
  unroutable: z.int(),
  lastReceivedAt: z.iso.datetime().nullable(),
  lastRefusedAt: z.iso.datetime().nullable(),
  /** Why the last refused one was. */
  lastRefusal: z.string().nullable(),
});
export type WebhookView = z.input<typeof webhookView>;

/** What a vendor delivered, without its text. */
export const deliveryView = z.object({
  id: deliveryIdSchema,
  connectionId: connectionIdSchema,
  webhookId: webhookIdSchema,
  /** The scope that it is about; null for the whole connection, or while nobody knows. */
  scopeId: remoteScopeIdSchema.nullable(),
  state: z.enum(DELIVERY_STATES),
  /** Why it is in that state; empty where there is nothing to say. */
  message: z.string(),
  sizeBytes: z.int(),
  attempts: z.int(),
  nextAttemptAt: z.iso.datetime().nullable(),
  added: z.int(),
  changed: z.int(),
  deleted: z.int(),
  refused: z.int(),
  /** Streams that were started by it. */
  nudged: z.int(),
  receivedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type DeliveryView = z.input<typeof deliveryView>;

/** An event that a plugin is told of. */
export const eventDeliveryView = z.object({
  id: eventDeliveryIdSchema,
  clientId: clientIdSchema,
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.nullable(),
  subscriber: z.string(),
  /** `alert.acknowledged` and its like. */
  event: z.string(),
  /** What it is about, in words. */
  title: z.string(),
  state: z.enum(EVENT_DELIVERY_STATES),
  message: z.string(),
  attempts: z.int(),
  nextAttemptAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type EventDeliveryView = z.input<typeof eventDeliveryView>;
