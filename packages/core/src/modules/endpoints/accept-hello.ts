import type { HelloAnswer, HelloRequest } from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { MarkSeen } from '#modules/assets';
import type { AgentSession, AgentRequest } from './agent-session.ts';
import type { AgentStore } from './agent-store.ts';
import type { AgentId } from './endpoint-table.ts';
import { REPORT_INTERVAL_SECONDS } from './enrol-agent.ts';
import type { OrderStore } from './order-store.ts';

interface Deps {
  readonly session: AgentSession;
  readonly agents: AgentStore;
  readonly orders: OrderStore;
  readonly seen: MarkSeen;
  readonly clock: Clock;
}

/** Begins an agent's run: tells it how far its streams are stored, and takes what it says of itself. */
export class AcceptHello {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async run(scope: TenantScope, agentId: AgentId, request: AgentRequest, hello: HelloRequest): Promise<HelloAnswer> {
    const { session, agents, orders, seen, clock } = this.#deps;
    return session.run(scope, agentId, { ...request, previousRunIds: hello.previousRunIds }, async (tx, agent) => {
      await agents.updateSelf(tx, agent.id, {
        hostname: hello.hostname,
        agent_version: hello.agentVersion,
        order_policy: hello.orderPolicy,
      });
      await orders.requeueUnheard(tx, agent);
      await seen.run(scope, agent.asset_id, tx);
      return {
        protocolVersion: 1,
        reportIntervalSeconds: REPORT_INTERVAL_SECONDS,
        serverTime: clock.now().toString(),
        marks: await agents.marks(tx, agent.id),
      };
    });
  }
}
