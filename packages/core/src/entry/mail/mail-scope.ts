import { newId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';

/** Stands for incoming mail in the audit trail, where no contact is known as its sender. */
const MAIL_ACTOR_ID = '00000000-0000-7000-8000-000000000002';

/** The system scope of one MSP in which its mail is fetched, stored and handled. */
export function makeMailScope(mspId: MspId): TenantScope {
  return makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'system',
    actor: { kind: 'mail', id: MAIL_ACTOR_ID, label: 'Incoming mail' },
    permissions: new Set(),
    requestId: `mail ${newId()}`,
  });
}
