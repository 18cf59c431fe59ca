import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import type { ReportSink } from './endpoint-needs.ts';
import { endOf, originOf } from './order-end.ts';
import { orderIdSchema, type EndpointTables } from './endpoint-table.ts';
import type { OrderStore } from './order-store.ts';

export const cancelOrderInput = z.object({ orderId: orderIdSchema });

interface Deps {
  readonly db: ScopedDb;
  readonly orders: OrderStore;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly sink: () => ReportSink;
  readonly clock: Clock;
}

/** Takes an order back before its agent has it. */
export class CancelOrder {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  /** Throws `endpoints.order-taken` once the agent has it. */
  async run(scope: TenantScope, input: z.output<typeof cancelOrderInput>): Promise<void> {
    const { orders, audit, live, clock, sink } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const order = await orders.forChange(tx, input.orderId);
      if (order.state !== 'queued')
        throw new ConflictError('endpoints.order-taken', `This order is ${order.state} and cannot be taken back.`);
      await orders.setState(tx, order, 'cancelled', {
        finished_at: clock.now(),
        message: `Taken back by ${scope.actor.label}`,
      });
      await audit.record(tx, {
        action: 'endpoints.cancel-order',
        subject: { kind: 'order', id: order.id, clientId: order.client_id },
        summary: `Took back the order ${order.kind}`,
        isClientVisible: true,
      });
      live.touch(tx, { clientId: order.client_id, topic: 'order', id: order.id, version: order.version + 1 });
      await sink().orderEnded(tx.scope, originOf(order), endOf(order, 'cancelled'), tx);
    });
  }
}
