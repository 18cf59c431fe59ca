import type { PackageOutcome } from '@bailiwick/agent-protocol';
import type { OutputCollector } from './order-output.ts';

/** What an order runs with. */
export interface OrderContext {
  readonly orderId: string;
  /** A folder that only this order has; it need not exist yet. */
  readonly folder: string;
  readonly output: OutputCollector;
  readonly signal: AbortSignal;
  readonly onStart: (pid: number, startedAt: string) => void;
}

/** How an order ended. */
export type OrderEnd =
  | { readonly state: 'succeeded'; readonly exitCode: number | null; readonly packages?: PackageOutcome[] }
  | {
      readonly state: 'failed';
      readonly exitCode: number | null;
      readonly signal?: string | null;
      readonly message: string;
      readonly packages?: PackageOutcome[];
    }
  | { readonly state: 'timed-out'; readonly exitCode: number | null; readonly signal: string | null };
