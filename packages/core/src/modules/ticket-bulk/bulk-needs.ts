import type { TenantScope } from '#kernel/tenant-scope';

/** Makes the scope in which a job goes on in a person's name, with what that person may do now. */
export type MakePersonScope = (
  facts: Pick<TenantScope, 'mspId' | 'reach' | 'audience' | 'actor' | 'permissions'>,
) => TenantScope;
