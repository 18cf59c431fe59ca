import type { Insertable, Selectable } from 'kysely';
import { LIMITS, type OrderOutput, type OrderResult } from '@bailiwick/agent-protocol';
import { NotFoundError } from '#kernel/errors';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { AgentRow } from './agent-store.ts';
import type { EndpointTables, OrderId } from './endpoint-table.ts';
import { stateAfter, type OrderState } from './order.ts';

type Tx = ScopedTransaction<EndpointTables>;
export type OrderRow = Selectable<EndpointTables['endpoint_order']>;

/** The only writer of orders and their output. */
export class OrderStore {
  async insert(tx: Tx, order: Insertable<EndpointTables['endpoint_order']>): Promise<void> {
    await tx.query.insertInto('endpoint_order').values(order).execute();
  }

  /** Throws `endpoints.order-not-found`. */
  async forChange(tx: Tx, id: OrderId): Promise<OrderRow> {
    const row = await tx.query
      .selectFrom('endpoint_order')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError('endpoints.order-not-found', 'There is no such order.');
    return row;
  }

  async setState(
    tx: Tx,
    order: Pick<OrderRow, 'id' | 'version'>,
    state: OrderState,
    more: Partial<Pick<OrderRow, 'message' | 'finished_at'>> = {},
  ): Promise<void> {
    await tx.query
      .updateTable('endpoint_order')
      .set({ state, version: order.version + 1, ...more })
      .where('id', '=', order.id)
      .execute();
  }

  /**
   * The next orders of an agent, marked as delivered. An order that was delivered before and not heard of again is delivered anew: the agent's journal of used
   * ids keeps it from running twice.
   */
  async takeWaiting(tx: Tx, agent: AgentRow, now: Temporal.Instant): Promise<OrderRow[]> {
    const rows = await tx.query
      .selectFrom('endpoint_order')
      .selectAll()
      .where('client_id', '=', agent.client_id)
      .where('agent_id', '=', agent.id)
      .where('state', '=', 'queued')
      .where('expires_at', '>', now)
      .orderBy('id')
      .limit(LIMITS.ordersPerPoll)
      .forUpdate()
      .execute();
    for (const order of rows) {
      await tx.query
        .updateTable('endpoint_order')
        .set({ state: 'delivered', delivered_at: now, version: order.version + 1 })
        .where('id', '=', order.id)
        .execute();
    }
    return rows;
  }

  /** Orders that were delivered in an earlier run of the agent and never answered go back to the queue: the answer with them may have been lost. */
  async requeueUnheard(tx: Tx, agent: AgentRow): Promise<void> {
    await tx.query
      .updateTable('endpoint_order')
      .set({ state: 'queued' })
      .where('client_id', '=', agent.client_id)
      .where('agent_id', '=', agent.id)
      .where('state', '=', 'delivered')
      .execute();
  }

  async hasWaiting(tx: Tx, agent: AgentRow): Promise<boolean> {
    const row = await tx.query
      .selectFrom('endpoint_order')
      .select('id')
      .where('client_id', '=', agent.client_id)
      .where('agent_id', '=', agent.id)
      .where('state', '=', 'queued')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** An order of exactly this agent; undefined for any other id, which is ignored: an agent speaks for itself only. */
  async ofAgent(tx: Tx, agent: AgentRow, id: string): Promise<OrderRow | undefined> {
    return tx.query
      .selectFrom('endpoint_order')
      .selectAll()
      .where('id', '=', id as OrderId)
      .where('client_id', '=', agent.client_id)
      .where('agent_id', '=', agent.id)
      .forUpdate()
      .executeTakeFirst();
  }

  async addOutput(tx: Tx, order: OrderRow, output: OrderOutput): Promise<boolean> {
    const result = await tx.query
      .insertInto('endpoint_order_output')
      .values({
        msp_id: order.msp_id,
        client_id: order.client_id,
        order_id: order.id,
        index: output.index,
        channel: output.channel,
        text: output.text,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  /** Takes what an agent said of an order; answers the state that follows, or null where nothing changed. */
  async applyResult(tx: Tx, order: OrderRow, result: OrderResult): Promise<OrderState | null> {
    const state = stateAfter(order.state, result.state);
    if (state === order.state) return null;
    const at = Temporal.Instant.from(result.at);
    const isEnd = !['delivered', 'running'].includes(state);
    await tx.query
      .updateTable('endpoint_order')
      .set({
        state,
        version: order.version + 1,
        ...(result.state === 'running' ? { started_at: at } : {}),
        ...(isEnd ? { finished_at: at } : {}),
        ...('message' in result ? { message: result.message } : {}),
        ...('startedAt' in result
          ? {
              started_at: Temporal.Instant.from(result.startedAt),
              exit_code: result.exitCode,
              output_bytes: result.outputBytes,
              is_output_truncated: result.isOutputTruncated,
            }
          : {}),
        ...('packages' in result && result.packages !== undefined ? { packages: JSON.stringify(result.packages) } : {}),
      })
      .where('id', '=', order.id)
      .execute();
    return state;
  }

  /** Ends what nobody took in time; answers which. */
  async expire(tx: Tx, now: Temporal.Instant): Promise<OrderRow[]> {
    return tx.query
      .updateTable('endpoint_order')
      .set((set) => ({ state: 'expired' as const, finished_at: now, version: set('version', '+', 1) }))
      .where('state', 'in', ['queued', 'delivered'])
      .where('expires_at', '<=', now)
      .returningAll()
      .execute();
  }
}
