import { z } from 'zod';
import type { TenantScope } from '#kernel/tenant-scope';
import { text } from '#kernel/text';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import type { AgentStore } from './agent-store.ts';
import { agentIdSchema, type EndpointTables } from './endpoint-table.ts';

export const changeAgentInput = z.object({
  agentId: agentIdSchema,
  decision: z.enum(['release', 'revoke']),
  reason: text({ max: 500 }),
});
export type ChangeAgentInput = z.output<typeof changeAgentInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly agents: AgentStore;
  readonly directory: Directory;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
}

/** Releases an agent from quarantine, or revokes it for good: its key leads nowhere from then on. */
export class ChangeAgent {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  /** Throws `endpoints.agent-not-found`, `endpoints.agent-changed`. */
  async run(scope: TenantScope, input: ChangeAgentInput): Promise<{ state: 'active' | 'revoked' }> {
    const { agents, directory, audit, live } = this.#deps;
    const state = input.decision === 'release' ? 'active' : 'revoked';
    await this.#db.transaction(scope, async (tx) => {
      const agent = await agents.forChange(tx, input.agentId);
      await agents.setState(tx, agent, state, state === 'active' ? null : input.reason);
      if (state === 'revoked') await directory.removeRoutes(tx, 'agent', agent.id);
      await audit.record(tx, {
        action: `endpoints.${input.decision}-agent`,
        subject: { kind: 'agent', id: agent.id, clientId: agent.client_id },
        summary: `${input.decision === 'release' ? 'Released' : 'Revoked'} the agent of ${agent.hostname}: ${input.reason}`,
        before: { state: agent.state },
        after: { state },
        isClientVisible: true,
      });
      live.touch(tx, { clientId: agent.client_id, topic: 'asset', id: agent.asset_id, version: agent.version + 1 });
    });
    return { state };
  }
}
