/**
 * MSPs, clients and their groups, sites, and people as contacts.
 * Owns: `msp`, `client`, `client_group`, `client_group_member`, `site`, `person`, `contact`.
 * Publishes: `tenancy.client-created`.
 */
export { tenancyModule } from './tenancy-module.ts';
export { assertSite } from './assert-site.ts';
export { ClientQueries } from './client-queries.ts';
export { ContactQueries } from './contact-queries.ts';
export { contactIdSchema, personIdSchema, siteIdSchema, type ContactView } from './contact-view.ts';
export { createContactInput, SaveContact, type CreateContactInput } from './save-contact.ts';
export { SiteQueries } from './site-queries.ts';
export { Sites } from './sites.ts';
export { MspQueries, type MspView } from './msp-queries.ts';
export { UpdateMsp, type UpdateMspInput } from './update-msp.ts';
export { clientCreated } from './tenancy-events.ts';
export { CreateClient, type CreateClientInput } from './create-client.ts';
export { CreateMsp, createMspInput, type CreateMspInput } from './create-msp.ts';
export {
  LANGUAGES,
  type ClientGroupId,
  type ContactId,
  type Language,
  type PersonId,
  type PortalRole,
  type SiteId,
  type TenancyTables,
} from './tenancy-table.ts';
