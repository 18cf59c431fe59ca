import type { ReportOrigin } from './endpoint-needs.ts';
import type { OrderRow } from './order-store.ts';

/** Whose order it was, as later modules want to know. */
export function originOf(order: OrderRow): ReportOrigin {
  return { agentId: order.agent_id, assetId: order.asset_id, clientId: order.client_id };
}

/** The end of an order that no agent spoke of: expired, or taken back. */
export function endOf(order: OrderRow, state: 'expired' | 'cancelled') {
  return { id: order.id, kind: order.kind, state, packages: [] };
}
