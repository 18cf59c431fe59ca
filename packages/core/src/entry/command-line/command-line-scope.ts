import { newId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';

/** Stands for whoever holds the server's shell in the audit trail. */
const COMMAND_LINE_ACTOR_ID = '00000000-0000-7000-8000-000000000002';

/** The system scope of one MSP for the administrator at the terminal, named by the operating system's user. */
export function makeCommandLineScope(mspId: MspId, user: string): TenantScope {
  return makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'system',
    actor: { kind: 'command-line', id: COMMAND_LINE_ACTOR_ID, label: `command line (${user})` },
    permissions: new Set(),
    requestId: newId(),
  });
}
