import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { orderIdSchema, type EndpointTables } from './endpoint-table.ts';
import {
  toAgentView,
  toOrderView,
  toTokenView,
  type AgentView,
  type OrderDetailView,
  type OrderView,
  type TokenView,
} from './endpoint-view.ts';

export const agentOfAssetInput = z.object({ assetId: assetIdSchema });
export const listOrdersInput = z.object({ ...pageInput, assetId: assetIdSchema });
export const getOrderInput = z.object({ orderId: orderIdSchema });
export const listTokensInput = z.object({ ...pageInput, clientId: clientIdSchema.optional() });

/** Most output pieces that one look takes; the protocol caps an order's output at 1 MiB. */
const MAX_OUTPUT_PIECES = 5000;

/** Reads agents, orders and tokens. */
export class EndpointQueries {
  readonly #db: ScopedDb<EndpointTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<EndpointTables>();
  }

  /** The agent that runs on an asset; null where none does. */
  async agentOfAsset(scope: TenantScope, assetId: AssetId): Promise<AgentView | null> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('endpoint_agent')
        .selectAll()
        .where('asset_id', '=', assetId)
        .orderBy(sql`state = 'revoked'`)
        .orderBy('id', 'desc')
        .limit(1),
    );
    return row === undefined ? null : toAgentView(row);
  }

  /** An asset's orders, newest first. */
  async listOrders(scope: TenantScope, input: z.output<typeof listOrdersInput>): Promise<Page<OrderView>> {
    const before = input.cursor === undefined ? null : decodeCursor(input.cursor, 1);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('endpoint_order').selectAll().where('asset_id', '=', input.assetId);
      if (before !== null) list = list.where(sql<boolean>`id < ${before[0]}::uuid`);
      return list.orderBy('id', 'desc').limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toOrderView, (row) => [row.id]);
  }

  /** One order with its output so far. Throws `endpoints.order-not-found`. */
  async getOrder(scope: TenantScope, input: z.output<typeof getOrderInput>): Promise<OrderDetailView> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('endpoint_order').selectAll().where('id', '=', input.orderId),
    );
    if (row === undefined) throw new NotFoundError('endpoints.order-not-found', 'There is no such order.');
    const output = await this.#db.read(scope, (query) =>
      query
        .selectFrom('endpoint_order_output')
        .select(['index', 'channel', 'text'])
        .where('order_id', '=', input.orderId)
        .orderBy('index')
        .limit(MAX_OUTPUT_PIECES),
    );
    return { ...toOrderView(row), payload: { ...row.payload }, output };
  }

  /** Enrolment tokens, newest first; the secrets themselves are not kept. */
  async listTokens(scope: TenantScope, input: z.output<typeof listTokensInput>): Promise<Page<TokenView>> {
    const before = input.cursor === undefined ? null : decodeCursor(input.cursor, 1);
    const rows: Selectable<EndpointTables['endpoint_token']>[] = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('endpoint_token').selectAll();
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (before !== null) list = list.where(sql<boolean>`id < ${before[0]}::uuid`);
      return list.orderBy('id', 'desc').limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toTokenView, (row) => [row.id]);
  }
}
