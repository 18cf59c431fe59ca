import { newId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';

/**
 * The system scope in which the host acts for a plugin: reads the connection's secrets, keeps its state, notes what it did. The plugin itself never has a scope; what it may
 * reach is bound to each call.
 */
export function makePluginScope(mspId: MspId, connection: { id: string; label: string }): TenantScope {
  return makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'system',
    actor: { kind: 'plugin', id: connection.id, label: connection.label },
    permissions: new Set(),
    requestId: `plugin ${newId()}`,
  });
}
