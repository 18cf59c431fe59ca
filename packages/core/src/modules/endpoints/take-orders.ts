import type { SignedOrder } from '@bailiwick/agent-protocol';
import { LIMITS } from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import type { AgentRequest, AgentSession } from './agent-session.ts';
import type { AgentStore } from './agent-store.ts';
import type { AgentId, EndpointTables } from './endpoint-table.ts';
import type { OrderStore } from './order-store.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly session: AgentSession;
  readonly agents: AgentStore;
  readonly orders: OrderStore;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Answers an agent's long poll with its waiting orders, as soon as there are some. */
export class TakeOrders {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  /** Waits at most `waitSeconds` (capped by the protocol) or until `signal` aborts. Nothing is held open in the database meanwhile. */
  async run(
    scope: TenantScope,
    agentId: AgentId,
    request: AgentRequest,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<SignedOrder[]> {
    const { session, agents, orders, live, clock } = this.#deps;
    const wake = Promise.withResolvers<void>();
    // Listens before it looks: an order that is queued in between wakes it.
    const stop = live.listen(scope, (change) =>
      change.topic === 'agent-orders' && change.id === agentId ? wake.resolve() : undefined,
    );
    const timer = setTimeout(() => wake.resolve(), Math.min(waitSeconds, LIMITS.longPollSeconds) * 1000);
    signal.addEventListener('abort', () => wake.resolve(), { once: true });
    try {
      const first = await session.run(scope, agentId, request, (tx, agent) =>
        orders.takeWaiting(tx, agent, clock.now()),
      );
      if (first.length > 0 || waitSeconds <= 0) return first.map((order) => order.signed);
      await wake.promise;
      if (signal.aborted) return [];
      const later = await this.#db.transaction(scope, async (tx) => {
        const agent = await agents.forChange(tx, agentId);
        return agent.state === 'active' ? orders.takeWaiting(tx, agent, clock.now()) : [];
      });
      return later.map((order) => order.signed);
    } finally {
      clearTimeout(timer);
      stop();
    }
  }
}
