import type { MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';

/** Makes the system scope in which a rule acts within one MSP; its name is who the ticket's history says it was. */
export type MakeRuleScope = (mspId: MspId, rule: { id: string; label: string }) => TenantScope;
