/**
 * Logins, staff with roles and reach, invitations, sessions, API keys, the portal's links.
 * Owns: schema `auth` (through its own database role), `identity_role`, `identity_staff`, `identity_invitation`, `identity_api_key`, `identity_portal_login`.
 */
export { identityModule } from './identity-module.ts';
export { IdentityDoor } from './identity-door.ts';
export { Invitations } from './invitations.ts';
export { StaffAuthority } from './staff-authority.ts';
export { StaffQueries } from './staff-queries.ts';
export { PermissionCatalogue } from './permission-catalogue.ts';
export type { LookupScope } from './credential-resolver.ts';
export type { ApiKeyId, LoginId, RoleId, StaffId } from './identity-table.ts';
export type { StaffView } from './staff-view.ts';
