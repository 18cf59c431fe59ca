import { newId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';

/** The scope of somebody whom the demo plays, with what sign-in would give them. Only for the loader of the demo, which whoever holds the server's shell asked for. */
export function makeDemoScope(
  mspId: MspId,
  part: Pick<TenantScope, 'audience' | 'actor' | 'reach' | 'permissions'>,
): TenantScope {
  return makeTenantScope({ mspId, ...part, requestId: newId() });
}
