import type { Generated } from 'kysely';
import type { ClientId, MspId } from '#kernel/id';

export interface DirectoryTables {
  directory_msp: {
    msp_id: MspId;
    slug: string;
    host: string | null;
    region: Generated<string>;
    state: Generated<'active' | 'suspended'>;
    created_at: Generated<Temporal.Instant>;
  };
  directory_route: {
    kind: RouteKind;
    hash: Buffer;
    msp_id: MspId;
    client_id: ClientId | null;
    subject_id: string;
    expires_at: Temporal.Instant | null;
  };
  directory_membership: { msp_id: MspId; login_id: string; membership_id: string; kind: 'staff' | 'contact' };
}

/** What a route may start from. Each is looked up by the SHA-256 of a secret (or of a public name where there is none). */
export type RouteKind =
  | 'api-key'
  | 'agent'
  | 'enrolment-token'
  | 'setup-link'
  | 'invitation'
  | 'membership'
  | 'portal-login'
  | 'webhook'
  | 'mailbox'
  | 'rating'
  | 'approval';
