import { newId, type ClientId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';

/** The scope of an agent's request: its MSP, its own client and nothing more. Which asset it may speak for, the use cases hold. */
export function makeAgentScope(
  route: { mspId: MspId; clientId: ClientId; subjectId: string },
  ip: string,
): TenantScope {
  return makeTenantScope({
    mspId: route.mspId,
    reach: { kind: 'only', clientIds: [route.clientId] },
    audience: 'system',
    actor: { kind: 'agent', id: route.subjectId, label: 'agent' },
    permissions: new Set(),
    requestId: newId(),
    origin: { ip },
  });
}
