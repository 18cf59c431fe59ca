import { ConflictError, ForbiddenError, NotFoundError } from '#kernel/errors';
import { requirePermission, requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { StaffId, StaffIdentity } from '#modules/tickets';

/** Which member of staff the caller is. Throws `replies.not-staff` for a key, a job or a contact. */
export async function staffOf(staff: StaffIdentity, scope: TenantScope): Promise<StaffId> {
  const me = await staff.of(scope);
  if (me === null)
    throw new ForbiddenError('replies.not-staff', 'Only a member of staff has texts and drafts of their own.');
  return me;
}

/** Whose a new text is: the caller's alone, or everybody's. Throws `replies.not-staff`, `scope.needs-all-clients`. */
export async function ownerOf(staff: StaffIdentity, scope: TenantScope, isShared: boolean): Promise<StaffId | null> {
  if (!isShared) return staffOf(staff, scope);
  requireMayShare(scope);
  return null;
}

/** Throws unless the caller may change a text: `replies.not-found` for another's own, `scope.needs-all-clients` for a shared one. */
export async function assertMayChange(
  staff: StaffIdentity,
  scope: TenantScope,
  row: { owner_id: StaffId | null } | undefined,
): Promise<void> {
  if (row === undefined || (row.owner_id !== null && row.owner_id !== (await staff.of(scope)))) throw notFound();
  if (row.owner_id === null) requireMayShare(scope);
}

/** What all use is changed by those who may, and who reach all clients. */
function requireMayShare(scope: TenantScope): void {
  requirePermission(scope, 'replies.share-texts');
  requireWholeMsp(scope);
}

export function notFound(): NotFoundError {
  return new NotFoundError('replies.not-found', 'There is no such text.');
}

export function changed(): ConflictError {
  return new ConflictError(
    'replies.changed',
    'Somebody else changed this text meanwhile. Look at it again, then repeat your change.',
  );
}

export function nameTaken(): ConflictError {
  return new ConflictError('replies.name-taken', 'There is a text of this name in this folder already.', {
    fields: [{ path: ['name'], message: 'is taken in this folder' }],
  });
}
