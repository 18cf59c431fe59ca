import { z } from 'zod';
import type { Selectable } from 'kysely';
import { clientIdSchema, idSchema } from '#kernel/id';
import { LANGUAGES, type TenancyTables } from './tenancy-table.ts';

export const PORTAL_ROLES = ['none', 'member', 'manager'] as const;
export const contactIdSchema = idSchema('contact');
export const personIdSchema = idSchema('person');
export const siteIdSchema = idSchema('site');

/** A contact as it leaves the server. */
export const contactView = z.object({
  id: contactIdSchema,
  clientId: clientIdSchema,
  personId: personIdSchema,
  siteId: siteIdSchema.nullable(),
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  portalRole: z.enum(PORTAL_ROLES),
  isVip: z.boolean(),
  /** Whether a member reads all of the company's tickets in the portal; a manager always does. */
  seesCompanyTickets: z.boolean(),
  /** What they read the portal in; null where they have not chosen. */
  language: z.enum(LANGUAGES).nullable(),
  /** Whether they are asked first where something is to be approved for the client. */
  isApprover: z.boolean(),
  /** Up to what they approve, in minor units of the currency; both null for any amount. */
  approvalLimitMinor: z.int().nullable(),
  approvalLimitCurrency: z.string().nullable(),
  isActive: z.boolean(),
  version: z.int(),
});
export type ContactView = z.input<typeof contactView>;
export type ContactRow = Selectable<TenancyTables['contact']>;

export function toContactView(row: ContactRow): ContactView {
  return {
    id: row.id,
    clientId: row.client_id,
    personId: row.person_id,
    siteId: row.site_id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    portalRole: row.portal_role,
    isVip: row.is_vip,
    seesCompanyTickets: row.sees_company_tickets,
    language: row.language,
    isApprover: row.is_approver,
    approvalLimitMinor: row.approval_limit_minor,
    approvalLimitCurrency: row.approval_limit_currency,
    isActive: row.is_active,
    version: row.version,
  };
}
