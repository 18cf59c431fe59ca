import { ForbiddenError } from '#kernel/errors';
import type { OperationAudience } from '#kernel/operation';
import { requirePermission, type TenantScope } from '#kernel/tenant-scope';

/** Whether a scope may call an operation at all: its side of the counter, then its permission. */
export function authorize(
  operation: { readonly name: string; readonly audience: OperationAudience; readonly permission: string },
  scope: TenantScope,
): void {
  const isContact = scope.audience === 'client' || scope.audience === 'client_it';
  if ((operation.audience === 'staff' && isContact) || (operation.audience === 'client' && !isContact)) {
    throw new ForbiddenError('operation.other-audience', `${operation.name} is not for this kind of sign-in.`);
  }
  requirePermission(scope, operation.permission);
}
