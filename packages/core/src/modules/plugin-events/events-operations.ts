import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import {
  listDeliveriesInput,
  listEventDeliveriesInput,
  listWebhooksInput,
  type DeliveryQueries,
} from './delivery-queries.ts';
import { MANAGE_WEBHOOKS, READ_DELIVERIES, RETRY_DELIVERIES } from './events-policy.ts';
import { deliveryView, eventDeliveryView, webhookView } from './events-view.ts';
import { rotateAddressInput, type OpenWebhooks } from './open-webhooks.ts';
import { retryDeliveryInput, retryEventDeliveryInput, type TryAgain } from './try-again.ts';

interface Needs {
  readonly queries: DeliveryQueries;
  readonly webhooks: OpenWebhooks;
  readonly again: TryAgain;
}

/** What the outside may ask of this module. */
export function eventOperations({ queries, webhooks, again }: Needs) {
  return {
    listWebhooks: defineQuery({
      name: 'plugin-events.list-webhooks',
      permission: READ_DELIVERIES,
      input: listWebhooksInput,
      output: z.object({ items: z.array(webhookView) }),
      rest: {
        method: 'GET',
        path: '/plugin-connections/{connectionId}/webhooks',
        summary: 'Where a vendor delivers, and what came of it',
      },
      run: (scope, input) => queries.webhooks(scope, input),
    }),
    rotateAddress: defineCommand({
      name: 'plugin-events.rotate-address',
      permission: MANAGE_WEBHOOKS,
      input: rotateAddressInput,
      output: z.object({ address: z.string(), previousUntil: z.iso.datetime().nullable() }),
      rest: {
        method: 'POST',
        path: '/plugin-webhooks/{webhookId}/rotate',
        summary: 'Replace the address of a webhook; the one before ends after a grace time',
      },
      run: (scope, input) => webhooks.rotate(scope, input),
    }),
    listDeliveries: defineQuery({
      name: 'plugin-events.list-deliveries',
      permission: READ_DELIVERIES,
      input: listDeliveriesInput,
      output: pageOf(deliveryView),
      rest: { method: 'GET', path: '/plugin-deliveries', summary: 'What vendors delivered, the latest first' },
      run: (scope, input) => queries.deliveries(scope, input),
    }),
    retryDelivery: defineCommand({
      name: 'plugin-events.retry-delivery',
      permission: RETRY_DELIVERIES,
      input: retryDeliveryInput,
      output: z.object({}),
      rest: {
        method: 'POST',
        path: '/plugin-deliveries/{deliveryId}/retry',
        summary: 'Have a delivery handled again that failed or belonged to no scope',
      },
      run: (scope, input) => again.delivery(scope, input),
    }),
    listEventDeliveries: defineQuery({
      name: 'plugin-events.list-event-deliveries',
      permission: READ_DELIVERIES,
      input: listEventDeliveriesInput,
      output: pageOf(eventDeliveryView),
      rest: { method: 'GET', path: '/plugin-event-deliveries', summary: 'What plugins were told, the latest first' },
      run: (scope, input) => queries.events(scope, input),
    }),
    retryEventDelivery: defineCommand({
      name: 'plugin-events.retry-event-delivery',
      permission: RETRY_DELIVERIES,
      input: retryEventDeliveryInput,
      output: z.object({}),
      rest: {
        method: 'POST',
        path: '/plugin-event-deliveries/{eventDeliveryId}/retry',
        summary: 'Tell a plugin again of an event that it could not take',
      },
      run: (scope, input) => again.event(scope, input),
    }),
  };
}
