import {
  CHANGING_ORDERS,
  ORDER_PAYLOADS,
  signOrder,
  type OrderKind,
  type OrderPayload,
} from '@bailiwick/agent-protocol';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { AgentRow } from './agent-store.ts';
import type { EndpointTables, OrderId } from './endpoint-table.ts';
import type { OrderKeys } from './order-keys.ts';
import type { OrderStore } from './order-store.ts';

/** What an asset's agent is to do. */
export interface QueueOrderInput<Kind extends OrderKind = OrderKind> {
  readonly assetId: AssetId;
  readonly kind: Kind;
  readonly payload: OrderPayload<Kind>;
  /** For the trail, which the client can read. */
  readonly reason: string;
  /** How long the order may wait for its machine; a day unless said. */
  readonly expiresInHours?: number;
}

interface Deps {
  readonly db: ScopedDb;
  readonly orders: OrderStore;
  readonly keys: OrderKeys;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Signs an order to an asset's agent and queues it. */
export class QueueOrder {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  /**
   * Throws `endpoints.no-agent`, `endpoints.agent-not-active`, `endpoints.observe-only` for orders that change a machine which does not allow them,
   * `endpoints.client-not-active`, `endpoints.bad-payload`.
   */
  async run(scope: TenantScope, input: QueueOrderInput, within?: AnyTransaction): Promise<{ orderId: OrderId }> {
    const payload = ORDER_PAYLOADS[input.kind].safeParse(input.payload);
    if (!payload.success) {
      const fields = payload.error.issues.map((issue) => ({
        path: issue.path as (string | number)[],
        message: issue.message,
      }));
      throw new InvalidInputError(
        'endpoints.bad-payload',
        `The order is not valid: ${fields[0]?.path.join('.')} ${fields[0]?.message}.`,
        { fields },
      );
    }
    return this.#db.transaction(scope, (tx) => this.#queue(tx, { ...input, payload: payload.data }), within);
  }

  async #queue(tx: ScopedTransaction<EndpointTables>, input: QueueOrderInput): Promise<{ orderId: OrderId }> {
    const { orders, keys, audit, live, clock } = this.#deps;
    const agent = await this.#agentFor(tx, input);
    const orderId = newId<'endpoint-order'>();
    const issuedAt = clock.now().round('millisecond');
    const expiresAt = issuedAt.add({ hours: input.expiresInHours ?? 24 });
    const signed = await signOrder(await keys.current(tx), {
      id: orderId,
      mspId: agent.msp_id,
      clientId: agent.client_id,
      assetId: agent.asset_id,
      agentId: agent.id,
      kind: input.kind,
      payload: input.payload,
      issuedAt: issuedAt.toString(),
      expiresAt: expiresAt.toString(),
    });
    await orders.insert(tx, {
      msp_id: agent.msp_id,
      id: orderId,
      client_id: agent.client_id,
      asset_id: agent.asset_id,
      agent_id: agent.id,
      kind: input.kind,
      payload: JSON.stringify(input.payload),
      signed: JSON.stringify(signed),
      reason: input.reason,
      requested_by: tx.scope.actor.id,
      requested_by_label: tx.scope.actor.label,
      state: 'queued',
      exit_code: null,
      message: null,
      packages: null,
      issued_at: issuedAt,
      expires_at: expiresAt,
      delivered_at: null,
      started_at: null,
      finished_at: null,
    });
    await audit.record(tx, {
      action: 'endpoints.queue-order',
      subject: { kind: 'order', id: orderId, clientId: agent.client_id },
      summary: `Ordered ${input.kind} on ${agent.hostname}: ${input.reason}`,
      after: { kind: input.kind, payload: input.payload, expiresAt: expiresAt.toString() },
      isClientVisible: true,
    });
    live.touch(tx, { clientId: agent.client_id, topic: 'agent-orders', id: agent.id, version: 1 });
    live.touch(tx, { clientId: agent.client_id, topic: 'order', id: orderId, version: 1 });
    return { orderId };
  }

  async #agentFor(tx: ScopedTransaction<EndpointTables>, input: QueueOrderInput): Promise<AgentRow> {
    const agent = await tx.query
      .selectFrom('endpoint_agent')
      .selectAll()
      .where('asset_id', '=', input.assetId)
      .where('state', '<>', 'revoked')
      .orderBy('id', 'desc')
      .executeTakeFirst();
    if (agent === undefined) throw new NotFoundError('endpoints.no-agent', 'No agent runs on this asset.');
    if (agent.state !== 'active')
      throw new ConflictError(
        'endpoints.agent-not-active',
        `The agent of ${agent.hostname} is ${agent.state}: ${agent.state_reason ?? ''}`,
      );
    if (CHANGING_ORDERS.has(input.kind) && agent.order_policy !== 'allow') {
      throw new ConflictError('endpoints.observe-only', `${agent.hostname} only observes. Allow orders to it first.`);
    }
    const client = await this.#deps.clients.get(tx.scope, agent.client_id);
    if (client.state !== 'active')
      throw new ConflictError(
        'endpoints.client-not-active',
        `${client.name} is ${client.state}: its machines take no orders.`,
      );
    return agent;
  }
}
