import type { Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';

/** What this module needs of the one below it, which has the queues that a warning may move a ticket to. */
export interface KnownQueues {
  /** Those of the ids that are queues of the MSP. */
  of(scope: TenantScope, ids: readonly Id<'ticket-queue'>[]): Promise<ReadonlySet<string>>;
}
