import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { getClientInput, listClientsInput, type ClientQueries } from './client-queries.ts';
import { clientView } from './client-view.ts';
import {
  createGroupInput,
  createGroupOutput,
  groupView,
  setGroupMembersInput,
  type ClientGroups,
} from './client-groups.ts';
import { getContactInput, listContactsInput, type ContactQueries } from './contact-queries.ts';
import { contactIdSchema, contactView, siteIdSchema } from './contact-view.ts';
import { createClientInput, type CreateClient } from './create-client.ts';
import { mergeClientsInput, type MergeClients } from './merge-clients.ts';
import { mspView, type MspQueries } from './msp-queries.ts';
import { createContactInput, updateContactInput, type SaveContact } from './save-contact.ts';
import { listSitesInput, siteView, type SiteQueries } from './site-queries.ts';
import { createSiteInput, updateSiteInput, type Sites } from './sites.ts';
import type { ContactId } from './tenancy-table.ts';
import { updateClientInput, type UpdateClient } from './update-client.ts';
import { updateMspInput, type UpdateMsp } from './update-msp.ts';

interface Needs {
  readonly clients: ClientQueries;
  readonly createClient: CreateClient;
  readonly updateClient: UpdateClient;
  readonly mergeClients: MergeClients;
  readonly sites: Sites;
  readonly siteQueries: SiteQueries;
  readonly contacts: ContactQueries;
  readonly saveContact: SaveContact;
  readonly groups: ClientGroups;
  readonly msps: MspQueries;
  readonly updateMsp: UpdateMsp;
}

const changed = z.object({ version: z.int() });

/** What the outside may ask of this module. */
export function tenancyOperations(needs: Needs) {
  return { ...clientOperations(needs), ...placeOperations(needs), ...groupOperations(needs) };
}

function clientOperations({ clients, createClient, updateClient, mergeClients }: Needs) {
  return {
    listClients: defineQuery({
      name: 'tenancy.list-clients',
      permission: 'tenancy.read-clients',
      input: listClientsInput,
      output: pageOf(clientView),
      rest: { method: 'GET', path: '/clients', summary: 'Clients, by name' },
      run: (scope, input) => clients.list(scope, input),
    }),
    getClient: defineQuery({
      name: 'tenancy.get-client',
      permission: 'tenancy.read-clients',
      input: getClientInput,
      output: clientView,
      rest: { method: 'GET', path: '/clients/{clientId}', summary: 'One client' },
      run: (scope, input) => clients.get(scope, input.clientId),
    }),
    createClient: defineCommand({
      name: 'tenancy.create-client',
      permission: 'tenancy.manage-clients',
      input: createClientInput,
      output: z.object({ clientId: clientIdSchema }),
      rest: { method: 'POST', path: '/clients', summary: 'Add a client' },
      run: (scope, input) => createClient.run(scope, input),
    }),
    updateClient: defineCommand({
      name: 'tenancy.update-client',
      permission: 'tenancy.manage-clients',
      input: updateClientInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PATCH', path: '/clients/{clientId}', summary: 'Change a client' },
      run: (scope, input) => updateClient.run(scope, input),
    }),
    mergeClients: defineCommand({
      name: 'tenancy.merge-clients',
      permission: 'tenancy.merge-clients',
      input: mergeClientsInput,
      output: changed,
      rest: { method: 'POST', path: '/clients/{clientId}/merge', summary: 'Merge a client into another' },
      run: (scope, input) => mergeClients.run(scope, input),
    }),
  };
}

function placeOperations({ sites, siteQueries, contacts, saveContact }: Needs) {
  return {
    listSites: defineQuery({
      name: 'tenancy.list-sites',
      permission: 'tenancy.read-clients',
      input: listSitesInput,
      output: pageOf(siteView),
      rest: { method: 'GET', path: '/sites', summary: 'Sites, by name' },
      run: (scope, input) => siteQueries.list(scope, input),
    }),
    createSite: defineCommand({
      name: 'tenancy.create-site',
      permission: 'tenancy.manage-clients',
      input: createSiteInput,
      output: z.object({ siteId: siteIdSchema }),
      rest: { method: 'POST', path: '/sites', summary: 'Add a site' },
      run: (scope, input) => sites.create(scope, input),
    }),
    updateSite: defineCommand({
      name: 'tenancy.update-site',
      permission: 'tenancy.manage-clients',
      input: updateSiteInput,
      output: changed,
      rest: { method: 'PATCH', path: '/sites/{siteId}', summary: 'Change a site' },
      run: (scope, input) => sites.update(scope, input),
    }),
    listContacts: defineQuery({
      name: 'tenancy.list-contacts',
      permission: 'tenancy.read-clients',
      input: listContactsInput,
      output: pageOf(contactView),
      rest: { method: 'GET', path: '/contacts', summary: 'Contacts, by name' },
      run: (scope, input) => contacts.list(scope, input),
    }),
    getContact: defineQuery({
      name: 'tenancy.get-contact',
      permission: 'tenancy.read-clients',
      input: getContactInput,
      output: contactView,
      rest: { method: 'GET', path: '/contacts/{contactId}', summary: 'One contact' },
      run: (scope, { contactId }) => contacts.get(scope, contactId as ContactId),
    }),
    createContact: defineCommand({
      name: 'tenancy.create-contact',
      permission: 'tenancy.manage-clients',
      input: createContactInput,
      output: z.object({ contactId: contactIdSchema }),
      rest: { method: 'POST', path: '/contacts', summary: 'Add a contact' },
      run: (scope, input) => saveContact.create(scope, input),
    }),
    updateContact: defineCommand({
      name: 'tenancy.update-contact',
      permission: 'tenancy.manage-clients',
      input: updateContactInput,
      output: changed,
      rest: { method: 'PATCH', path: '/contacts/{contactId}', summary: 'Change a contact' },
      run: (scope, input) => saveContact.update(scope, input),
    }),
  };
}

function groupOperations({ groups, msps, updateMsp }: Needs) {
  return {
    listGroups: defineQuery({
      name: 'tenancy.list-groups',
      permission: 'tenancy.read-clients',
      input: z.object({}),
      output: z.array(groupView),
      run: (scope) => groups.list(scope),
    }),
    createGroup: defineCommand({
      name: 'tenancy.create-group',
      permission: 'tenancy.manage-clients',
      input: createGroupInput,
      output: createGroupOutput,
      run: (scope, input) => groups.create(scope, input),
    }),
    setGroupMembers: defineCommand({
      name: 'tenancy.set-group-members',
      permission: 'tenancy.manage-clients',
      input: setGroupMembersInput,
      output: changed,
      run: (scope, input) => groups.setMembers(scope, input),
    }),
    getMsp: defineQuery({
      name: 'tenancy.get-msp',
      permission: 'tenancy.read-clients',
      input: z.object({}),
      output: mspView,
      run: (scope) => msps.get(scope),
    }),
    updateMsp: defineCommand({
      name: 'tenancy.update-msp',
      permission: 'tenancy.manage-msp',
      input: updateMspInput,
      output: changed,
      run: (scope, input) => updateMsp.run(scope, input),
    }),
  };
}
