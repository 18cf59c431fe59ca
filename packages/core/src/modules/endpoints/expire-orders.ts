import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { defineJob } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { ReportSink } from './endpoint-needs.ts';
import type { EndpointTables } from './endpoint-table.ts';
import { endOf, originOf } from './order-end.ts';
import type { OrderStore } from './order-store.ts';

export const expireOrdersJob = defineJob({
  name: 'endpoints.expire-orders',
  payload: z.object({}),
  cron: '* * * * *',
  retryLimit: 0,
});

interface Deps {
  readonly db: ScopedDb;
  readonly orders: OrderStore;
  readonly live: LiveHub;
  readonly sink: () => ReportSink;
  readonly clock: Clock;
}

/** Ends orders that their machines did not take in time. */
export class ExpireOrders {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const { orders, live, clock, sink } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      for (const order of await orders.expire(tx, clock.now())) {
        live.touch(tx, { clientId: order.client_id, topic: 'order', id: order.id, version: order.version });
        await sink().orderEnded(tx.scope, originOf(order), endOf(order, 'expired'), tx);
      }
    });
  }
}
