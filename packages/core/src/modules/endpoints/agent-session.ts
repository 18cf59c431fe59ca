import { judgeReplay, startRun, verifyRequest, type SignatureClaim } from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import { ForbiddenError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { replayStateOf, type AgentRow, type AgentStore } from './agent-store.ts';
import type { AgentId, EndpointTables } from './endpoint-table.ts';

/** A signed request of an agent, as it came in. */
export interface AgentRequest {
  readonly claim: SignatureClaim;
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  /** Only a hello begins a run: the runs that the agent knows of before it. */
  readonly previousRunIds?: readonly string[];
}

interface Deps {
  readonly db: ScopedDb;
  readonly agents: AgentStore;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Two machines hold one key; thrown inside the transaction so that nothing of the request is kept. */
class CopiedKey extends Error {
  override readonly name = 'CopiedKey';
}

/**
 * Lets an agent's request in: key, signature, clock, and that it was never seen before. The request's work runs in the transaction that also keeps the replay state, so that a
 * request whose work is lost was never there.
 */
export class AgentSession {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  /**
   * Throws `agent.revoked`, `agent.quarantined`, `agent.replayed`, `agent.copied-key`, `agent.no-run`, and the protocol's `agent.bad-signature` and `agent.clock-skew`. A copied
   * key quarantines the agent, with an audit entry.
   */
  async run<Result>(
    scope: TenantScope,
    agentId: AgentId,
    request: AgentRequest,
    work: (tx: ScopedTransaction<EndpointTables>, agent: AgentRow) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.#db.transaction(scope, async (tx) => {
        const agent = await this.#deps.agents.forChange(tx, agentId);
        const now = this.#deps.clock.now();
        await verifyRequest(agent.public_key, request.claim, request, now.epochMilliseconds);
        if (agent.state !== 'active')
          throw new ForbiddenError(
            `agent.${agent.state}`,
            `This agent is ${agent.state}: ${agent.state_reason ?? 'no reason was given'}.`,
          );
        await this.#admit(tx, agent, request, now);
        return work(tx, agent);
      });
    } catch (error) {
      if (!(error instanceof CopiedKey)) throw error;
      await this.#quarantine(scope, agentId, error.message);
      throw new ForbiddenError(
        'agent.copied-key',
        'Two machines use this key. The agent is quarantined until a person decides; enrol this machine anew.',
      );
    }
  }

  async #admit(
    tx: ScopedTransaction<EndpointTables>,
    agent: AgentRow,
    request: AgentRequest,
    now: Temporal.Instant,
  ): Promise<void> {
    const { agents } = this.#deps;
    const state = replayStateOf(agent);
    const { claim, previousRunIds } = request;
    if (previousRunIds !== undefined && state?.runId !== claim.runId) {
      // A recording of an old hello is signed before what we have; a second machine signs later, and does not know the run that we know.
      if (state !== null && claim.signedMs <= state.latestSignedMs)
        throw new ForbiddenError('agent.replayed', 'This request was seen before.');
      if (state !== null && !previousRunIds.includes(state.runId))
        throw new CopiedKey('it began a run without knowing the one before');
      await agents.keepReplayState(tx, agent.id, startRun(claim), now);
      return;
    }
    if (state === null) throw new ForbiddenError('agent.no-run', 'An agent says hello first.');
    const verdict = judgeReplay(state, claim);
    if (verdict.kind === 'conflict') throw new CopiedKey('a request contradicts one that was signed earlier');
    if (verdict.kind === 'replayed') throw new ForbiddenError('agent.replayed', 'This request was seen before.');
    await agents.keepReplayState(tx, agent.id, verdict.next, now);
  }

  async #quarantine(scope: TenantScope, agentId: AgentId, reason: string): Promise<void> {
    const { agents, audit, live } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const agent = await agents.forChange(tx, agentId);
      if (agent.state !== 'active') return;
      await agents.setState(tx, agent, 'quarantined', `Its key seems to be on two machines: ${reason}`);
      await audit.record(tx, {
        action: 'endpoints.quarantine-agent',
        subject: { kind: 'agent', id: agentId, clientId: agent.client_id },
        summary: `Quarantined the agent of ${agent.hostname}: its key seems to be on two machines`,
        before: { state: agent.state },
        after: { state: 'quarantined', reason },
        isClientVisible: true,
      });
      live.touch(tx, { clientId: agent.client_id, topic: 'asset', id: agent.asset_id, version: agent.version + 1 });
    });
  }
}
