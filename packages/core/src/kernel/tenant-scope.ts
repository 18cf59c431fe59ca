import { ForbiddenError } from './errors.ts';
import type { ClientId, MspId } from './id.ts';

/** Which clients of the MSP a scope covers. `except` is deny: it wins over everything. */
export type Reach =
  | { readonly kind: 'all' }
  | { readonly kind: 'only'; readonly clientIds: readonly ClientId[] }
  | { readonly kind: 'except'; readonly clientIds: readonly ClientId[] };

/** Who reads: MSP staff, a client's contact, a client's own IT people (co-managed), or the platform itself within one MSP. */
export type Audience = 'staff' | 'client' | 'client_it' | 'system';

/** Who acts, for the audit trail. `id` is a UUID (login, key, agent, …) and `label` what a reader should see. */
export interface Actor {
  readonly kind: 'login' | 'api-key' | 'agent' | 'contact' | 'plugin' | 'job' | 'mail' | 'command-line';
  readonly id: string;
  readonly label: string;
}

/**
 * What one request may see and do: one MSP, a reach over its clients, an audience, permissions. Immutable, the first parameter of
 * every use case and query, never in the dependency container. Only the adapters in `entry/` make one.
 */
export interface TenantScope {
  readonly mspId: MspId;
  readonly reach: Reach;
  readonly audience: Audience;
  readonly actor: Actor;
  readonly permissions: ReadonlySet<string>;
  readonly requestId: string;
  /** True where a program that decides by itself asks, with the key of its owner: what it may do alone is less. */
  readonly isAskedByAi?: boolean;
  /** Where the request came from, for the audit trail; absent for jobs and the command line. */
  readonly origin?: { readonly ip?: string; readonly userAgent?: string };
}

/** Makes a scope. To be called from `entry/` (and tests) only; the architecture test holds that. */
export function makeTenantScope(fields: TenantScope): TenantScope {
  return Object.freeze({
    ...fields,
    reach: Object.freeze({ ...fields.reach }),
    actor: Object.freeze({ ...fields.actor }),
  });
}

/** Throws `permission.missing` unless the scope holds the permission. System scopes hold all. */
export function requirePermission(scope: TenantScope, permission: string): void {
  if (scope.audience === 'system' || scope.permissions.has(permission)) return;
  throw new ForbiddenError('permission.missing', `This needs the permission ${permission}.`);
}

/** Whether the scope reaches a client. */
export function reaches(scope: TenantScope, clientId: ClientId): boolean {
  switch (scope.reach.kind) {
    case 'all':
      return true;
    case 'only':
      return scope.reach.clientIds.includes(clientId);
    case 'except':
      return !scope.reach.clientIds.includes(clientId);
  }
}

/**
 * Throws `scope.needs-all-clients` unless the scope reaches all clients: for changes to what holds for the whole MSP, which somebody who is kept to some of its clients must not make for
 * the others.
 */
export function requireWholeMsp(scope: TenantScope): void {
  if (scope.reach.kind === 'all') return;
  throw new ForbiddenError(
    'scope.needs-all-clients',
    'This changes something for all clients, and you reach only some.',
  );
}
