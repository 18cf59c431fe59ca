import { isUuid } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';

const cache = new WeakMap<TenantScope, string>();

/**
 * The statements that open a transaction for a scope, as one text: `begin; set local app.… = '…'; …`. `SET` takes no
 * parameters, so everything that goes in is checked to be a UUID or one of a few known words.
 */
export function beginWithScope(scope: TenantScope): string {
  const known = cache.get(scope);
  if (known !== undefined) return known;
  const statements = [
    'begin',
    `set local app.msp_id = '${uuid(scope.mspId)}'`,
    `set local app.reach = '${word(scope.reach.kind, ['all', 'only', 'except'])}'`,
    // Reach `all` asks for no list; each statement costs as much as a tenth of a small read.
    ...(scope.reach.kind === 'all'
      ? []
      : [`set local app.client_ids = '{${scope.reach.clientIds.map(uuid).join(',')}}'`]),
    `set local app.audience = '${word(scope.audience, ['staff', 'client', 'client_it', 'system'])}'`,
    `set local app.actor_id = '${uuid(scope.actor.id)}'`,
  ].join('; ');
  cache.set(scope, statements);
  return statements;
}

function uuid(value: string): string {
  if (!isUuid(value)) throw new TypeError('A scope setting is not a UUID.');
  return value;
}

function word(value: string, allowed: readonly string[]): string {
  if (!allowed.includes(value)) throw new TypeError('A scope setting is not a known word.');
  return value;
}
