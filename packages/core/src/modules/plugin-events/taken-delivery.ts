import type { Delivery } from '@bailiwick/sdk';
import type { WebhookDescription } from '@bailiwick/plugin-runtime';
import type { Connection } from '#modules/plugin-host';
import type { RemoteScope } from '#modules/plugin-scopes';
import type { DeliveryEnd, DeliveryRow } from './delivery-store.ts';

/** A delivery in the hands of one worker. */
export interface TakenDelivery {
  readonly row: DeliveryRow;
  readonly delivery: Delivery;
  readonly connection: Connection;
  readonly webhook: WebhookDescription;
  readonly scopes: readonly RemoteScope[];
}

/** How it ended, and what of it belongs to no scope that is read here. */
export interface HandledDelivery extends DeliveryEnd {
  /** Deliveries, or records of one. */
  readonly unroutable: number;
  /** The first scope that it names and that is not known; null where all are, be they switched off or not. */
  readonly stranger: string | null;
}

/** The issue that says so. */
export function unroutableIssue(webhook: string): string {
  return `unroutable:${webhook}`;
}
