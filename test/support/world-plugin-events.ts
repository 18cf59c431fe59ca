import { newId } from '../../packages/core/src/kernel/id.ts';
import { AlertQueries, listAlertsInput } from '../../packages/core/src/modules/alerts/alert-queries.ts';
import { DeliveryQueries } from '../../packages/core/src/modules/plugin-events/delivery-queries.ts';
import { OpenWebhooks } from '../../packages/core/src/modules/plugin-events/open-webhooks.ts';
import { QueueEvent } from '../../packages/core/src/modules/plugin-events/queue-event.ts';
import { ReceiveDelivery } from '../../packages/core/src/modules/plugin-events/receive-delivery.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A webhook of a connection of the first client's own with a delivery, and an event of that client that its plugin is to be told. */
export async function addPluginEvents(app: TestApp, world: World, connectionId: ConnectionId): Promise<void> {
  const scope = systemScope(world.mspId);
  const { container } = app;
  await container.resolve(OpenWebhooks).open(scope, connectionId);
  const { items } = await container.resolve(DeliveryQueries).webhooks(scope, { connectionId });
  const raw = { headers: {}, rawBody: Buffer.from('{}'), query: {} };
  const received = await container.resolve(ReceiveDelivery).run(scope, items[0]?.id as never, 'POST', raw);
  if (received.kind !== 'accepted') throw new Error(`the delivery was not taken: ${received.kind}`);
  const alerts = await container.resolve(AlertQueries).list(scope, listAlertsInput.parse({ clientId: world.first }));
  const event = { eventId: newId(), name: 'alert.raised' as const, clientId: world.first };
  const told = await container.resolve(QueueEvent).run(scope, { ...event, subjectId: alerts.items[0]?.id ?? '' });
  if (told !== 1) throw new Error('the plugin is not told of its client’s alert');
}
