import { Decimal } from 'decimal.js';
import type { Insertable, Selectable } from 'kysely';
import type { ReplayState, StreamMark, StreamName } from '@bailiwick/agent-protocol';
import { ConflictError, NotFoundError } from '#kernel/errors';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { AgentId, AgentState, EndpointTables, EnrolmentTokenId } from './endpoint-table.ts';

type Tx = ScopedTransaction<EndpointTables>;
export type AgentRow = Selectable<EndpointTables['endpoint_agent']>;
export type TokenRow = Selectable<EndpointTables['endpoint_token']>;

/** The only writer of tokens, agents and their marks. */
export class AgentStore {
  async insertToken(tx: Tx, token: Insertable<EndpointTables['endpoint_token']>): Promise<void> {
    await tx.query.insertInto('endpoint_token').values(token).execute();
  }

  /** The token, locked, so that its last use is taken once. */
  async tokenForUse(tx: Tx, id: EnrolmentTokenId): Promise<TokenRow | undefined> {
    return tx.query.selectFrom('endpoint_token').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  }

  async countUse(tx: Tx, token: TokenRow): Promise<void> {
    await tx.query
      .updateTable('endpoint_token')
      .set({ uses: token.uses + 1 })
      .where('id', '=', token.id)
      .execute();
  }

  /** Throws `endpoints.token-not-found`. */
  async revokeToken(tx: Tx, id: EnrolmentTokenId, at: Temporal.Instant): Promise<TokenRow> {
    const row = await tx.query
      .updateTable('endpoint_token')
      .set({ revoked_at: at })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError('endpoints.token-not-found', 'There is no such enrolment token.');
    return row;
  }

  async insertAgent(tx: Tx, agent: Insertable<EndpointTables['endpoint_agent']>): Promise<void> {
    await tx.query.insertInto('endpoint_agent').values(agent).execute();
  }

  async agentByKey(tx: Tx, publicKey: string): Promise<AgentRow | undefined> {
    return tx.query.selectFrom('endpoint_agent').selectAll().where('public_key', '=', publicKey).executeTakeFirst();
  }

  /** The agent, locked: its requests are judged one after the other. Throws `endpoints.agent-not-found`. */
  async forChange(tx: Tx, id: AgentId): Promise<AgentRow> {
    const row = await tx.query
      .selectFrom('endpoint_agent')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError('endpoints.agent-not-found', 'There is no such agent.');
    return row;
  }

  async keepReplayState(tx: Tx, id: AgentId, state: ReplayState, at: Temporal.Instant): Promise<void> {
    await tx.query
      .updateTable('endpoint_agent')
      .set({
        run_id: state.runId,
        run_highest: state.highest,
        run_seen: state.seen.toString(),
        run_latest_signed_ms: state.latestSignedMs,
        last_seen_at: at,
      })
      .where('id', '=', id)
      .execute();
  }

  async updateSelf(
    tx: Tx,
    id: AgentId,
    self: Pick<AgentRow, 'hostname' | 'agent_version' | 'order_policy'>,
  ): Promise<void> {
    await tx.query.updateTable('endpoint_agent').set(self).where('id', '=', id).execute();
  }

  /** Throws `endpoints.agent-changed` when somebody was first. */
  async setState(tx: Tx, agent: AgentRow, state: AgentState, reason: string | null): Promise<void> {
    const result = await tx.query
      .updateTable('endpoint_agent')
      .set({ state, state_reason: reason, version: agent.version + 1 })
      .where('id', '=', agent.id)
      .where('version', '=', agent.version)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n)
      throw new ConflictError('endpoints.agent-changed', 'Somebody else changed this agent meanwhile.');
  }

  async marks(tx: Tx, id: AgentId): Promise<StreamMark[]> {
    return tx.query
      .selectFrom('endpoint_stream_mark')
      .select(['stream', 'epoch', 'sequence'])
      .where('agent_id', '=', id)
      .orderBy('updated_at', 'desc')
      .limit(100)
      .execute();
  }

  async keepMarks(
    tx: Tx,
    agent: AgentRow,
    marks: ReadonlyMap<string, { stream: StreamName; epoch: string; sequence: number }>,
    at: Temporal.Instant,
  ): Promise<void> {
    const rows = [...marks.values()].map((mark) => ({
      msp_id: agent.msp_id,
      client_id: agent.client_id,
      agent_id: agent.id,
      ...mark,
      updated_at: at,
    }));
    if (rows.length === 0) return;
    await tx.query
      .insertInto('endpoint_stream_mark')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'agent_id', 'stream', 'epoch']).doUpdateSet((from) => ({
          sequence: from.ref('excluded.sequence'),
          updated_at: from.ref('excluded.updated_at'),
        })),
      )
      .execute();
  }
}

/** What the store keeps of an agent's run; null before its first hello. */
export function replayStateOf(agent: AgentRow): ReplayState | null {
  if (agent.run_id === null) return null;
  return {
    runId: agent.run_id,
    highest: agent.run_highest,
    seen: BigInt(new Decimal(agent.run_seen).toFixed(0)),
    latestSignedMs: agent.run_latest_signed_ms,
  };
}
