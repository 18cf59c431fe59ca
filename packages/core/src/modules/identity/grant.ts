import { z } from 'zod';
import { ForbiddenError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema } from '#kernel/id';
import type { Reach, TenantScope } from '#kernel/tenant-scope';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { IdentityTables, RoleId } from './identity-table.ts';
import type { MembershipFacts } from './membership-facts.ts';
import { STANDARD_ROLES } from './permission-catalogue.ts';
import { covers } from './reach.ts';

export const staffIdSchema = idSchema('staff');
export const roleIdSchema = idSchema('role');
export const apiKeyIdSchema = idSchema('api-key');
export const invitationIdSchema = idSchema('invitation');

const clientIds = z.array(clientIdSchema).max(2000);
export const reachSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('only'), clientIds }),
  z.object({ kind: z.literal('except'), clientIds }),
]);

/** What a member of staff is given. */
export const grantFields = {
  standardRoles: z.array(z.enum(STANDARD_ROLES)).max(5).default([]),
  roleIds: z.array(roleIdSchema).max(50).default([]),
  reach: reachSchema.default({ kind: 'all' }),
};

interface Grant {
  readonly standardRoles: readonly string[];
  readonly roleIds: readonly string[];
  readonly reach: Reach;
}

/**
 * Throws unless the giver holds all that is given: `identity.grant-too-wide` for a permission or client beyond their own, `identity.role-not-found`,
 * `tenancy.client-not-found`.
 */
export async function assertGrantable(
  tx: ScopedTransaction<IdentityTables>,
  facts: MembershipFacts,
  scope: TenantScope,
  grant: Grant,
): Promise<void> {
  const roleIds = [...new Set(grant.roleIds)] as RoleId[];
  if (roleIds.length > 0) {
    const roles = await tx.query.selectFrom('identity_role').select('id').where('id', 'in', roleIds).execute();
    if (roles.length !== roleIds.length)
      throw new NotFoundError('identity.role-not-found', 'There is no such role.', {
        fields: [{ path: ['roleIds'], message: 'names a role that is not there' }],
      });
  }
  await assertClients(tx, grant.reach);
  if (scope.audience === 'system') return;
  const given = await facts.permissionsOf(scope, { standard_roles: [...grant.standardRoles], role_ids: roleIds });
  const missing = [...given].find((permission) => !scope.permissions.has(permission));
  if (missing !== undefined || !covers(scope.reach, grant.reach))
    throw new ForbiddenError(
      'identity.grant-too-wide',
      missing === undefined
        ? 'You cannot let somebody reach clients that you do not reach.'
        : `You cannot give the permission ${missing}, which you do not hold.`,
    );
}

/** Throws `tenancy.client-not-found` where a reach names a client that the scope does not see. */
export async function assertClients(tx: ScopedTransaction<IdentityTables>, reach: Reach): Promise<void> {
  if (reach.kind === 'all' || reach.clientIds.length === 0) return;
  const ids = [...new Set(reach.clientIds)];
  const rows = await tx.sql('select 1 from client where msp_id = $1 and id = any($2::uuid[])', [tx.scope.mspId, ids]);
  if (rows.length !== ids.length)
    throw new NotFoundError('tenancy.client-not-found', 'There is no such client.', {
      fields: [{ path: ['reach', 'clientIds'], message: 'names a client that is not there' }],
    });
}

/** Throws `identity.needs-full-reach`: who works for one client must not govern who works for the MSP. */
export function requireFullReach(scope: TenantScope): void {
  if (scope.reach.kind !== 'all')
    throw new ForbiddenError(
      'identity.needs-full-reach',
      'This concerns the whole MSP and needs reach over all clients.',
    );
}
