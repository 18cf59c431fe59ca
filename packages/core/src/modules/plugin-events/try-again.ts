import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ConnectionId } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { DeliveryStore } from './delivery-store.ts';
import type { EventDeliveryStore } from './event-delivery-store.ts';
import { deliverEvent, handleDelivery } from './events-jobs.ts';
import { deliveryIdSchema, eventDeliveryIdSchema, type PluginEventTables } from './events-table.ts';

export const retryDeliveryInput = z.object({ deliveryId: deliveryIdSchema });
export const retryEventDeliveryInput = z.object({ eventDeliveryId: eventDeliveryIdSchema });

interface Deps {
  readonly db: ScopedDb;
  readonly deliveries: DeliveryStore;
  readonly events: EventDeliveryStore;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** Takes up again what did not come through. */
export class TryAgain {
  readonly #db: ScopedDb<PluginEventTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginEventTables>();
    this.#deps = deps;
  }

  /** Throws `plugin-events.delivery-not-found`, also for another tenant's, and `plugin-events.nothing-to-retry`. */
  async delivery(
    scope: TenantScope,
    { deliveryId }: z.output<typeof retryDeliveryInput>,
  ): Promise<Record<string, never>> {
    const { deliveries, jobs, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      if (!(await deliveries.revive(tx, deliveryId, clock.now()))) throw nothingToRetry();
      await jobs.send(tx, handleDelivery, { deliveryId }, { singletonKey: deliveryId });
      return {};
    });
  }

  /** Throws `plugin-events.event-delivery-not-found`, also for another tenant's, and `plugin-events.nothing-to-retry`. */
  async event(
    scope: TenantScope,
    { eventDeliveryId }: z.output<typeof retryEventDeliveryInput>,
  ): Promise<Record<string, never>> {
    const { events, jobs, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      if (!(await events.revive(tx, eventDeliveryId, clock.now()))) throw nothingToRetry();
      await jobs.send(tx, deliverEvent, { eventDeliveryId }, { singletonKey: eventDeliveryId });
      return {};
    });
  }

  /** What waited for this connection has its turn. */
  async wake(scope: TenantScope, connectionId: ConnectionId): Promise<void> {
    const { deliveries, events, jobs, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      for (const deliveryId of await deliveries.wake(tx, connectionId, clock.now()))
        await jobs.send(tx, handleDelivery, { deliveryId }, { singletonKey: deliveryId });
      for (const eventDeliveryId of await events.wake(tx, connectionId, clock.now()))
        await jobs.send(tx, deliverEvent, { eventDeliveryId }, { singletonKey: eventDeliveryId });
    });
  }
}

function nothingToRetry(): ConflictError {
  return new ConflictError('plugin-events.nothing-to-retry', 'Only what failed is tried again.');
}
