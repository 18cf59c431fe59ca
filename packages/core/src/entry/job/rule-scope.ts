import { newId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';

/** The system scope in which a rule of the service desk acts: histories and the audit trail name the rule. */
export function makeRuleScope(mspId: MspId, rule: { id: string; label: string }): TenantScope {
  return makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'system',
    actor: { kind: 'job', id: rule.id, label: rule.label },
    permissions: new Set(),
    requestId: `rule ${newId()}`,
  });
}
