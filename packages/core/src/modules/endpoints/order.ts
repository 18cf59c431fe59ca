import type { OrderResult } from '@bailiwick/agent-protocol';

/** `queued` → `delivered` → `running` → one of the ends. What an agent says after an end is ignored. */
export const ORDER_STATES = [
  'queued',
  'delivered',
  'running',
  'succeeded',
  'failed',
  'timed-out',
  'refused',
  'interrupted',
  'expired',
  'cancelled',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

const OPEN: ReadonlySet<OrderState> = new Set(['queued', 'delivered', 'running']);

/** Whether something may still come of an order. */
export function isOpen(state: OrderState): boolean {
  return OPEN.has(state);
}

/**
 * The state after an agent's word. Never goes back: results arrive late or twice, and `running` after `succeeded` says nothing new. An order
 * that we called expired may have been taken in its last second; then what the agent says is what happened.
 */
export function stateAfter(state: OrderState, result: OrderResult['state']): OrderState {
  if (!isOpen(state) && state !== 'expired') return state;
  if (result === 'accepted') return state === 'queued' ? 'delivered' : state;
  return result;
}
