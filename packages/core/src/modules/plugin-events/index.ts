/**
 * What vendors deliver by themselves, and what plugins are told: webhooks with their addresses, deliveries, events for subscribers.
 * Owns: `plugin_webhook`, `plugin_delivery`, `plugin_delivery_key`, `plugin_event_delivery`.
 */
export { pluginEventsModule } from './plugin-events-module.ts';
export { webhookIdSchema } from './events-table.ts';
export { ReceiveDelivery, type Received } from './receive-delivery.ts';
