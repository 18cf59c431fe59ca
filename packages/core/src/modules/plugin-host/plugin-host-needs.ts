import type { MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';

/** Makes the scope in which the host acts for a plugin within one MSP. */
export type MakePluginScope = (mspId: MspId, connection: { id: string; label: string }) => TenantScope;
