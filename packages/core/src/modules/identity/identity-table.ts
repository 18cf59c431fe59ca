import type { Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { PersonId } from '#modules/tenancy';

export type StaffId = Id<'staff'>;
export type RoleId = Id<'role'>;
export type InvitationId = Id<'invitation'>;
export type ApiKeyId = Id<'api-key'>;
/** A login of the install, whatever MSPs it works for. */
export type LoginId = Id<'login'>;

interface Grant {
  standard_roles: string[];
  role_ids: RoleId[];
  reach: 'all' | 'only' | 'except';
  reach_clients: ClientId[];
}

export interface IdentityTables {
  identity_role: {
    msp_id: MspId;
    id: RoleId;
    name: string;
    permissions: string[];
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  identity_staff: Grant & {
    msp_id: MspId;
    id: StaffId;
    login_id: LoginId;
    name: string;
    email: string;
    expires_at: Temporal.Instant | null;
    removed_at: Temporal.Instant | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  identity_invitation: Grant & {
    msp_id: MspId;
    id: InvitationId;
    is_first_administrator: boolean;
    email: string | null;
    membership_expires_at: Temporal.Instant | null;
    expires_at: Temporal.Instant;
    accepted_at: Temporal.Instant | null;
    revoked_at: Temporal.Instant | null;
    created_at: Temporal.Instant;
  };
  identity_api_key: {
    msp_id: MspId;
    id: ApiKeyId;
    staff_id: StaffId;
    name: string;
    prefix: string;
    permissions: string[];
    reach: 'all' | 'only' | 'except';
    reach_clients: ClientId[];
    expires_at: Temporal.Instant;
    revoked_at: Temporal.Instant | null;
    last_used_at: Temporal.Instant | null;
    created_at: Temporal.Instant;
  };
  identity_portal_login: { msp_id: MspId; person_id: PersonId; login_id: LoginId; created_at: Temporal.Instant };
}
