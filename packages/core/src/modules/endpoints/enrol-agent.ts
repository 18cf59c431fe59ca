import type { EnrolAnswer, EnrolRequest } from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import { ForbiddenError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { RecordInventory } from '#modules/assets';
import type { Directory } from '#modules/directory';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { AgentRow, AgentStore, TokenRow } from './agent-store.ts';
import type { EndpointTables, EnrolmentTokenId } from './endpoint-table.ts';
import type { OrderKeys } from './order-keys.ts';

/** How often an agent reports. */
export const REPORT_INTERVAL_SECONDS = 30;

interface Deps {
  readonly db: ScopedDb;
  readonly agents: AgentStore;
  readonly keys: OrderKeys;
  readonly clients: ClientQueries;
  readonly inventory: RecordInventory;
  readonly directory: Directory;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Makes a machine with a token an agent of the token's client. */
export class EnrolAgent {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  /**
   * The caller has verified the request's proof. The same key again gets the same answer and uses nothing. Throws `agent.token-expired`, `agent.token-used-up`,
   * `agent.token-revoked`, `agent.client-not-active`, `agent.key-revoked`; each leaves an entry in the audit trail and nothing else.
   */
  async run(scope: TenantScope, tokenId: EnrolmentTokenId, request: EnrolRequest): Promise<EnrolAnswer> {
    try {
      return await this.#db.transaction(scope, (tx) => this.#enrol(tx, tokenId, request));
    } catch (error) {
      if (error instanceof ForbiddenError) await this.#recordRefusal(scope, tokenId, request, error);
      throw error;
    }
  }

  async #enrol(
    tx: ScopedTransaction<EndpointTables>,
    tokenId: EnrolmentTokenId,
    request: EnrolRequest,
  ): Promise<EnrolAnswer> {
    const { agents } = this.#deps;
    const token = await agents.tokenForUse(tx, tokenId);
    if (token === undefined) throw new ForbiddenError('agent.token-refused', 'This enrolment token is not known.');
    const known = await agents.agentByKey(tx, request.publicKey);
    if (known !== undefined) {
      if (known.state !== 'active' || known.client_id !== token.client_id)
        throw new ForbiddenError('agent.key-revoked', 'This key may not enrol again. Enrol with a new one.');
      return this.#answer(tx, known);
    }
    await this.#refuseUnusable(tx, token);
    await agents.countUse(tx, token);
    return this.#answer(tx, await this.#makeAgent(tx, token, request));
  }

  async #refuseUnusable(tx: ScopedTransaction<EndpointTables>, token: TokenRow): Promise<void> {
    const now = this.#deps.clock.now();
    if (token.revoked_at !== null) throw new ForbiddenError('agent.token-revoked', 'This enrolment token was revoked.');
    if (Temporal.Instant.compare(token.expires_at, now) <= 0)
      throw new ForbiddenError(
        'agent.token-expired',
        `This enrolment token expired at ${token.expires_at.toString()}. Make a new one.`,
      );
    if (token.uses >= token.max_uses)
      throw new ForbiddenError(
        'agent.token-used-up',
        `This enrolment token was good for ${token.max_uses} and is used up. Make a new one.`,
      );
    const client = await this.#deps.clients.get(tx.scope, token.client_id);
    if (client.state !== 'active')
      throw new ForbiddenError('agent.client-not-active', `The client is ${client.state}; its machines cannot enrol.`);
  }

  async #makeAgent(tx: ScopedTransaction<EndpointTables>, token: TokenRow, request: EnrolRequest): Promise<AgentRow> {
    const { agents, inventory, directory, audit, live, clock } = this.#deps;
    const agentId = newId<'endpoint-agent'>();
    const clientId = token.client_id;
    const found = await inventory.identify(
      tx.scope,
      {
        clientId,
        source: 'agent',
        evidence: { ...request.evidence, sourceKey: agentId },
        name: request.hostname,
        siteId: token.site_id ?? undefined,
        isManaged: true,
        ifAmbiguous: 'make',
      },
      tx,
    );
    if (found.assetId === null)
      throw new ForbiddenError(
        'agent.asset-ambiguous',
        'Several assets look like this machine. A person must say which it is.',
      );
    const row = {
      msp_id: tx.scope.mspId,
      id: agentId,
      client_id: clientId,
      asset_id: found.assetId,
      token_id: token.id,
      public_key: request.publicKey,
      hostname: request.hostname,
      platform: request.platform,
      agent_version: request.agentVersion,
      order_policy: request.orderPolicy,
      state: 'active' as const,
      state_reason: null,
      run_id: null,
      last_seen_at: null,
      created_at: clock.now(),
    };
    await agents.insertAgent(tx, row);
    await directory.addRoute(tx, { kind: 'agent', secret: agentId, clientId, subjectId: agentId });
    await audit.record(tx, {
      action: 'endpoints.enrol-agent',
      subject: { kind: 'agent', id: agentId, clientId },
      summary: `${request.hostname} enrolled (${request.orderPolicy === 'allow' ? 'takes orders' : 'only observes'})`,
      after: {
        hostname: request.hostname,
        platform: request.platform,
        agentVersion: request.agentVersion,
        orderPolicy: request.orderPolicy,
        enrolledWith: token.label,
      },
      isClientVisible: true,
    });
    live.touch(tx, { clientId, topic: 'asset', id: found.assetId, version: 1, isForContacts: true });
    const made = await agents.agentByKey(tx, request.publicKey);
    if (made === undefined) throw new Error('The agent that was just written is not there.');
    return made;
  }

  async #answer(tx: ScopedTransaction<EndpointTables>, agent: AgentRow): Promise<EnrolAnswer> {
    const key = await this.#deps.keys.current(tx);
    return {
      protocolVersion: 1,
      agentId: agent.id,
      mspId: agent.msp_id,
      clientId: agent.client_id,
      assetId: agent.asset_id,
      orderKey: key.publicKey,
      reportIntervalSeconds: REPORT_INTERVAL_SECONDS,
      serverTime: this.#deps.clock.now().toString(),
    };
  }

  async #recordRefusal(
    scope: TenantScope,
    tokenId: EnrolmentTokenId,
    request: EnrolRequest,
    error: ForbiddenError,
  ): Promise<void> {
    const { audit } = this.#deps;
    const clientId = scope.reach.kind === 'only' ? (scope.reach.clientIds[0] ?? null) : null;
    await this.#db.transaction(scope, (tx) =>
      audit.record(tx, {
        action: 'endpoints.refuse-enrolment',
        subject: { kind: 'enrolment token', id: tokenId, clientId },
        summary: `Refused to enrol ${request.hostname}: ${error.message}`,
        after: { hostname: request.hostname, code: error.code },
      }),
    );
  }
}
