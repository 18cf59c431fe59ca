import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { getClientInput, listClientsInput, type ClientQueries } from './client-queries.ts';
import { clientView } from './client-view.ts';
import { createClientInput, type CreateClient } from './create-client.ts';
import { updateClientInput, type UpdateClient } from './update-client.ts';

interface Needs {
  readonly clients: ClientQueries;
  readonly createClient: CreateClient;
  readonly updateClient: UpdateClient;
}

/** What the outside may ask of this module. */
export function tenancyOperations({ clients, createClient, updateClient }: Needs) {
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
  };
}
