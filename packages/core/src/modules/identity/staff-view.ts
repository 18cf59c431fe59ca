import { z } from 'zod';
import { reachSchema, roleIdSchema, staffIdSchema } from './grant.ts';
import type { StaffRow } from './membership-facts.ts';
import { STANDARD_ROLES, type StaffRole } from './permission-catalogue.ts';
import { reachOf } from './reach.ts';

/** A member of staff as they leave the server. */
export const staffView = z.object({
  id: staffIdSchema,
  name: z.string(),
  email: z.string(),
  standardRoles: z.array(z.enum(STANDARD_ROLES)),
  roleIds: z.array(roleIdSchema),
  reach: reachSchema,
  expiresAt: z.iso.datetime().nullable(),
  loginId: z.uuid(),
  version: z.int(),
});
export type StaffView = z.input<typeof staffView>;

export function toStaffView(row: StaffRow): StaffView {
  const reach = reachOf(row);
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    standardRoles: row.standard_roles as StaffRole[],
    roleIds: row.role_ids,
    reach: reach.kind === 'all' ? reach : { kind: reach.kind, clientIds: [...reach.clientIds] },
    expiresAt: row.expires_at?.toString() ?? null,
    loginId: row.login_id,
    version: row.version,
  };
}
