import type { Clock } from '#kernel/clock';
import type { ConnectionCleaner } from '#modules/plugin-host';
import type { EventDeliveryStore } from './event-delivery-store.ts';
import type { PluginEventTables } from './events-table.ts';
import type { WebhookStore } from './webhook-store.ts';

interface Deps {
  readonly webhooks: WebhookStore;
  readonly events: EventDeliveryStore;
  readonly clock: Clock;
}

/** A connection that is removed takes no deliveries, and its plugin is told of nothing. With `purge` the rest goes with the connection's row. */
export function cleanWebhooks({ webhooks, events, clock }: Deps): ConnectionCleaner {
  return {
    async clean(within, { connectionId }) {
      const tx = within.typed<PluginEventTables>();
      await webhooks.remove(tx, connectionId);
      await events.drop(tx, connectionId, clock.now());
    },
  };
}
