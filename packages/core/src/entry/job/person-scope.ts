import { newId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';

/** The scope in which a job goes on with what a person began, kept to what that person may do and reach by then. */
export function makePersonScope(
  facts: Pick<TenantScope, 'mspId' | 'reach' | 'audience' | 'actor' | 'permissions'>,
): TenantScope {
  const { mspId, reach, audience, actor, permissions } = facts;
  return makeTenantScope({ mspId, reach, audience, actor, permissions, requestId: `for ${newId()}` });
}
