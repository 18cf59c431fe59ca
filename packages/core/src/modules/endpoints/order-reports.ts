import type { OrderOutput, OrderResult } from '@bailiwick/agent-protocol';
import type { AuditTrail } from '#modules/audit';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { AgentRow, AgentStore } from './agent-store.ts';
import type { ReportOrigin, ReportSink } from './endpoint-needs.ts';
import type { EndpointTables } from './endpoint-table.ts';
import { isOpen } from './order.ts';
import type { OrderStore } from './order-store.ts';

type Tx = ScopedTransaction<EndpointTables>;

interface Deps {
  readonly agents: AgentStore;
  readonly orders: OrderStore;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly sink: () => ReportSink;
}

/** Takes what an agent says about its own orders: output as it comes, and how they ended. */
export class OrderReports {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async output(tx: Tx, agent: AgentRow, output: OrderOutput): Promise<void> {
    const { orders, live } = this.#deps;
    const order = await orders.ofAgent(tx, agent, output.orderId);
    if (order === undefined || !(await orders.addOutput(tx, order, output))) return;
    live.touch(tx, { clientId: agent.client_id, topic: 'order', id: order.id, version: order.version });
  }

  async result(tx: Tx, agent: AgentRow, origin: ReportOrigin, result: OrderResult): Promise<void> {
    const { agents, orders, audit, live, sink } = this.#deps;
    const order = await orders.ofAgent(tx, agent, result.orderId);
    if (order === undefined) return;
    const state = await orders.applyResult(tx, order, result);
    if (state === null) return;
    live.touch(tx, { clientId: agent.client_id, topic: 'order', id: order.id, version: order.version + 1 });
    if (isOpen(state)) return;
    if (state === 'succeeded' && order.kind === 'set-order-policy') {
      const { orderPolicy } = order.payload as { orderPolicy: 'observe' | 'allow' };
      await agents.updateSelf(tx, agent.id, {
        hostname: agent.hostname,
        agent_version: agent.agent_version,
        order_policy: orderPolicy,
      });
      live.touch(tx, { clientId: agent.client_id, topic: 'asset', id: agent.asset_id, version: agent.version + 1 });
    }
    await audit.record(tx, {
      action: 'endpoints.finish-order',
      subject: { kind: 'order', id: order.id, clientId: agent.client_id },
      summary: `${agent.hostname}: ${order.kind} ${state}`,
      after: {
        state,
        ...('exitCode' in result ? { exitCode: result.exitCode } : {}),
        ...('message' in result ? { message: result.message } : {}),
      },
      isClientVisible: true,
    });
    const packages = 'packages' in result && result.packages !== undefined ? result.packages : [];
    await sink().orderEnded(
      tx.scope,
      origin,
      { id: order.id, kind: order.kind, state, packages, ...('message' in result ? { message: result.message } : {}) },
      tx,
    );
  }
}
