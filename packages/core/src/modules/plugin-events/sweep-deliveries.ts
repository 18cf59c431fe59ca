import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { DeliveryStore } from './delivery-store.ts';
import type { EventDeliveryStore } from './event-delivery-store.ts';
import { deliverEvent, handleDelivery } from './events-jobs.ts';
import type { PluginEventTables } from './events-table.ts';
import type { WebhookStore } from './webhook-store.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly webhooks: WebhookStore;
  readonly deliveries: DeliveryStore;
  readonly events: EventDeliveryStore;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** How long deliveries are shown: a week, so that who was away over a weekend still sees what failed. */
const KEPT_HOURS = 7 * 24;
/** A job starts within seconds, and holds a delivery for five minutes at most. */
const LOST_AFTER_MINUTES = 15;
const MOST_AT_ONCE = 500;

/** Does `plugin-events.sweep-deliveries`. */
export class SweepDeliveries {
  readonly #db: ScopedDb<PluginEventTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginEventTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const { webhooks, deliveries, events, jobs, clock } = this.#deps;
    const now = clock.now();
    const [old, lost] = [now.subtract({ hours: KEPT_HOURS }), now.subtract({ minutes: LOST_AFTER_MINUTES })];
    await this.#db.transaction(scope, async (tx) => {
      await webhooks.forgetKeys(tx, now);
      await deliveries.forget(tx, old);
      await events.forget(tx, old);
      for (const deliveryId of await deliveries.overdue(tx, lost, MOST_AT_ONCE))
        await jobs.send(tx, handleDelivery, { deliveryId }, { singletonKey: deliveryId });
      for (const eventDeliveryId of await events.overdue(tx, lost, MOST_AT_ONCE))
        await jobs.send(tx, deliverEvent, { eventDeliveryId }, { singletonKey: eventDeliveryId });
    });
  }
}
