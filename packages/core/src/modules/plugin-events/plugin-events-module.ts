import type { CoreEventName } from '@bailiwick/sdk';
import type { DependencyContainer } from 'tsyringe';
import type { EventDefinition } from '#kernel/event';
import type { ClientId } from '#kernel/id';
import { ClockToken } from '#kernel/tokens';
import type { TenantScope } from '#kernel/tenant-scope';
import { alertAcknowledged, AlertQueries, alertRaised, alertRecovered } from '#modules/alerts';
import { AuditTrail } from '#modules/audit';
import { invoiceApproved, InvoiceQueries } from '#modules/billing';
import { Directory } from '#modules/directory';
import {
  connectionChanged,
  ConnectionCleanerToken,
  ConnectionIssues,
  ConnectionQueries,
  connectionReady,
  DeliveryVerifier,
  PluginCalls,
  type ConnectionId,
} from '#modules/plugin-host';
import { scopeMapped, ScopeQueries } from '#modules/plugin-scopes';
import { DeliverBatch, EntityQueries, StartStreams } from '#modules/plugin-sync';
import { ClientQueries } from '#modules/tenancy';
import { ticketChanged, ticketOpened } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { defineModule, on, provide, worker, type Subscription } from '#platform/module';
import { SecretBox } from '#platform/secrets/secret-box';
import { SettingsToken } from '#platform/settings-token';
import { ApplyOutcome } from './apply-outcome.ts';
import { cleanWebhooks } from './clean-webhooks.ts';
import { DeliverEvent } from './deliver-event.ts';
import { DeliveryQueries } from './delivery-queries.ts';
import { DeliveryStore } from './delivery-store.ts';
import { EventData } from './event-data.ts';
import { EventDeliveryStore } from './event-delivery-store.ts';
import { deliverEvent, handleDelivery, sweepDeliveries } from './events-jobs.ts';
import { eventOperations } from './events-operations.ts';
import { eventPermissions } from './events-policy.ts';
import { HandleDelivery } from './handle-delivery.ts';
import { HookAddress } from './hook-address.ts';
import { OpenWebhooks } from './open-webhooks.ts';
import { QueueEvent } from './queue-event.ts';
import { ReceiveDelivery } from './receive-delivery.ts';
import { SweepDeliveries } from './sweep-deliveries.ts';
import { TryAgain } from './try-again.ts';
import { WebhookStore } from './webhook-store.ts';

export const pluginEventsModule = defineModule({
  name: 'plugin-events',
  tables: ['plugin_webhook', 'plugin_delivery', 'plugin_event'],
  permissions: eventPermissions,
  register(container) {
    registerStores(container);
    registerUseCases(container);
  },
  operations: (c) =>
    eventOperations({
      queries: c.resolve(DeliveryQueries),
      webhooks: c.resolve(OpenWebhooks),
      again: c.resolve(TryAgain),
    }),
  subscriptions: (c) => [
    on(connectionReady, 'open-webhooks', (scope, { payload }) => opened(c, scope, payload.connectionId), {
      isAwaited: true,
    }),
    // A new version may declare others; a connection that is resumed takes up what waited.
    on(connectionChanged, 'open-webhooks', (scope, { payload }) => opened(c, scope, payload.connectionId)),
    on(scopeMapped, 'close-unroutable', (scope, { payload }) =>
      c.resolve(OpenWebhooks).scopesKnown(scope, payload.connectionId),
    ),
    told(c, alertRaised, 'alert.raised', ({ alertId }) => alertId),
    told(c, alertAcknowledged, 'alert.acknowledged', ({ alertId }) => alertId),
    told(c, alertRecovered, 'alert.recovered', ({ alertId }) => alertId),
    told(c, ticketOpened, 'ticket.opened', ({ ticketId }) => ticketId),
    told(c, ticketChanged, 'ticket.changed', ({ ticketId }) => ticketId),
    told(c, invoiceApproved, 'invoice.approved', ({ invoiceId }) => invoiceId),
  ],
  jobs: (c) => [
    worker(handleDelivery, (scope, { deliveryId }) => c.resolve(HandleDelivery).run(scope, deliveryId)),
    worker(deliverEvent, (scope, { eventDeliveryId }) => c.resolve(DeliverEvent).run(scope, eventDeliveryId)),
    worker(sweepDeliveries, (scope) => c.resolve(SweepDeliveries).run(scope)),
  ],
});

async function opened(c: DependencyContainer, scope: TenantScope, connectionId: ConnectionId): Promise<void> {
  await c.resolve(OpenWebhooks).open(scope, connectionId);
  await c.resolve(TryAgain).wake(scope, connectionId);
}

/** An event of a module, as plugins are told of it. */
function told<Payload extends { readonly clientId: ClientId }>(
  c: DependencyContainer,
  event: EventDefinition<string, Payload>,
  name: CoreEventName,
  subjectOf: (payload: Payload) => string,
): Subscription {
  return on(
    event,
    'tell-plugins',
    async (scope, { eventId, payload }) => {
      const { clientId } = payload;
      await c.resolve(QueueEvent).run(scope, { eventId, name, clientId, subjectId: subjectOf(payload) });
    },
    { isAwaited: true },
  );
}

/** What nearly every part here is made of. */
function basics(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    clock: c.resolve(ClockToken),
    jobs: c.resolve(JobQueue),
    live: c.resolve(LiveHub),
    audit: c.resolve(AuditTrail),
    issues: c.resolve(ConnectionIssues),
    connections: c.resolve(ConnectionQueries),
    scopes: c.resolve(ScopeQueries),
    calls: c.resolve(PluginCalls),
    webhooks: c.resolve(WebhookStore),
    deliveries: c.resolve(DeliveryStore),
    events: c.resolve(EventDeliveryStore),
    address: c.resolve(HookAddress),
  };
}

function registerStores(container: DependencyContainer): void {
  container.register(ConnectionCleanerToken, { useFactory: (c) => cleanWebhooks(basics(c)) });
  provide(container, HookAddress, (c) => new HookAddress(c.resolve(SettingsToken)));
  provide(
    container,
    WebhookStore,
    (c) => new WebhookStore({ box: c.resolve(SecretBox), directory: c.resolve(Directory) }),
  );
  provide(container, DeliveryStore, (c) => new DeliveryStore({ box: c.resolve(SecretBox) }));
  provide(container, EventDeliveryStore, () => new EventDeliveryStore());
}

function registerUseCases(container: DependencyContainer): void {
  provide(container, OpenWebhooks, (c) => new OpenWebhooks({ ...basics(c), store: c.resolve(WebhookStore) }));
  provide(
    container,
    ReceiveDelivery,
    (c) => new ReceiveDelivery({ ...basics(c), verifier: c.resolve(DeliveryVerifier) }),
  );
  provide(
    container,
    ApplyOutcome,
    (c) => new ApplyOutcome({ ...basics(c), batches: c.resolve(DeliverBatch), streams: c.resolve(StartStreams) }),
  );
  provide(container, HandleDelivery, (c) => new HandleDelivery({ ...basics(c), apply: c.resolve(ApplyOutcome) }));
  provide(
    container,
    EventData,
    (c) =>
      new EventData({
        db: c.resolve(ScopedDb),
        clock: c.resolve(ClockToken),
        alerts: c.resolve(AlertQueries),
        invoices: c.resolve(InvoiceQueries),
        clients: c.resolve(ClientQueries),
      }),
  );
  provide(
    container,
    QueueEvent,
    (c) =>
      new QueueEvent({
        ...basics(c),
        store: c.resolve(EventDeliveryStore),
        data: c.resolve(EventData),
        entities: c.resolve(EntityQueries),
      }),
  );
  provide(container, DeliverEvent, (c) => new DeliverEvent({ ...basics(c), store: c.resolve(EventDeliveryStore) }));
  provide(container, DeliveryQueries, (c) => new DeliveryQueries(basics(c)));
  provide(container, TryAgain, (c) => new TryAgain(basics(c)));
  provide(container, SweepDeliveries, (c) => new SweepDeliveries(basics(c)));
}
