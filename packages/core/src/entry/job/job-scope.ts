import { newId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';

/** Stands for the platform itself in the audit trail. */
const PLATFORM_ACTOR_ID = '00000000-0000-7000-8000-000000000001';

/** The system scope of one MSP in which a job or an event handler runs; the request id says which. */
export function makeJobScope(mspId: MspId, job: string): TenantScope {
  return makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'system',
    actor: { kind: 'job', id: PLATFORM_ACTOR_ID, label: 'Bailiwick' },
    permissions: new Set(),
    requestId: `${job} ${newId()}`,
  });
}
