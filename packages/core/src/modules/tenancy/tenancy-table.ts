import type { Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { ClientState } from './client.ts';

export type SiteId = Id<'site'>;
export type ContactId = Id<'contact'>;
export type PersonId = Id<'person'>;
export type ClientGroupId = Id<'client-group'>;
/** What the portal speaks. */
export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
/** One of them, by its code in ISO 639-1. */
export type Language = (typeof LANGUAGES)[number];
/** What a contact may do in the portal: nothing, see and write their own, or act for the whole client. */
export type PortalRole = 'none' | 'member' | 'manager';

export interface TenancyTables {
  msp: {
    msp_id: MspId;
    name: string;
    slug: string;
    time_zone: string;
    currency: string;
    locale: Generated<string>;
    accent_hue: Generated<number>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  client: {
    msp_id: MspId;
    id: ClientId;
    name: string;
    short_code: string;
    state: ClientState;
    is_internal: Generated<boolean>;
    parent_id: ClientId | null;
    bill_to_id: ClientId | null;
    merged_into: ClientId | null;
    time_zone: string;
    email_domains: Generated<string[]>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  site: {
    msp_id: MspId;
    id: SiteId;
    client_id: ClientId;
    name: string;
    time_zone: string;
    address: Generated<string>;
    country: Generated<string>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  person: { msp_id: MspId; id: PersonId; created_at: Temporal.Instant };
  contact: {
    msp_id: MspId;
    id: ContactId;
    client_id: ClientId;
    person_id: PersonId;
    site_id: SiteId | null;
    name: string;
    email: string;
    phone: Generated<string>;
    portal_role: PortalRole;
    is_vip: Generated<boolean>;
    /** Whether a member reads all of the company's tickets in the portal, and not only their own; a manager always does. */
    sees_company_tickets: Generated<boolean>;
    /** What they read the portal in; null where they have not chosen. */
    language: Language | null;
    /** Whether they are asked first where something is to be approved. */
    is_approver: Generated<boolean>;
    /** Up to what they approve, in minor units; null for any amount. */
    approval_limit_minor: number | null;
    approval_limit_currency: string | null;
    is_active: Generated<boolean>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  client_group: {
    msp_id: MspId;
    id: ClientGroupId;
    name: string;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  client_group_member: { msp_id: MspId; client_id: ClientId; group_id: ClientGroupId };
}
