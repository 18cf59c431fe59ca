import type { BoundScope } from '@bailiwick/sdk';
import type { ClientId, Id } from '#kernel/id';
import { idSchema } from '#kernel/id';
import type { ConnectionId } from '#modules/plugin-host';
import type { SiteId } from '#modules/tenancy';

export type RemoteScopeId = Id<'plugin-scope'>;
export const remoteScopeIdSchema = idSchema('plugin-scope');

/** What was decided of a scope, by a person or by exact evidence. */
export const MAPPINGS = ['unmapped', 'suggested', 'mapped', 'ignored', 'conflict'] as const;
export type Mapping = (typeof MAPPINGS)[number];

/** `lost`: the vendor no longer lists it. `expired`: its access ended. Both keep their data and their mapping. */
export type Presence = 'listed' | 'lost' | 'expired';

export const SCOPE_STATES = [...MAPPINGS, 'lost', 'expired'] as const;
/** The mapping while the vendor lists the scope, and `lost` or `expired` after that. */
export type ScopeState = (typeof SCOPE_STATES)[number];

/** A partition of a vendor's account, and whose it is. `clientId` is null unless it is mapped; a mapping outlives `lost` and `expired`. */
export interface RemoteScope {
  readonly id: RemoteScopeId;
  readonly connectionId: ConnectionId;
  /** The vendor's id. */
  readonly externalId: string;
  readonly name: string;
  readonly kind: string;
  readonly state: ScopeState;
  readonly clientId: ClientId | null;
  readonly siteId: SiteId | null;
  /** False where the vendor lists it but gives no access now. */
  readonly isAccessible: boolean;
  readonly readsEnabled: boolean;
  readonly actionsEnabled: boolean;
}

/** The scope as a plugin's call is bound to it. */
export function toBoundScope(scope: Pick<RemoteScope, 'externalId' | 'name' | 'kind'>): BoundScope {
  return { id: scope.externalId, name: scope.name, kind: scope.kind };
}

/** Why nothing is read of a scope now, or done there; null where it may be. */
export function whyOff(scope: RemoteScope, wanted: 'reads' | 'actions'): string | null {
  if (scope.state !== 'mapped') return `The scope ${scope.name} is ${scope.state}.`;
  if (!scope.isAccessible) return `The vendor gives no access to ${scope.name} now.`;
  if (wanted === 'reads') return scope.readsEnabled ? null : `Reading is switched off for ${scope.name}.`;
  return scope.actionsEnabled ? null : `Actions are switched off for ${scope.name}.`;
}
