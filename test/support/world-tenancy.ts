import { ClientGroups } from '../../packages/core/src/modules/tenancy/client-groups.ts';
import { createContactInput, SaveContact } from '../../packages/core/src/modules/tenancy/save-contact.ts';
import { createSiteInput, Sites } from '../../packages/core/src/modules/tenancy/sites.ts';
import { systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A site, a contact who may enter the portal, and a group of clients. */
export async function addTenancy(app: TestApp, world: World): Promise<void> {
  const { container } = app;
  const scope = systemScope(world.mspId);
  const clientId = world.first;
  const { siteId } = await container
    .resolve(Sites)
    .create(scope, createSiteInput.parse({ clientId, name: 'Head office', timeZone: 'Europe/London' }));
  const contact = { clientId, siteId, name: 'Cora', email: 'cora@client.example', portalRole: 'member' };
  await container.resolve(SaveContact).create(scope, createContactInput.parse(contact));
  const groups = container.resolve(ClientGroups);
  const { groupId } = await groups.create(scope, { name: 'Gold' });
  await groups.setMembers(scope, { groupId, version: 1, clientIds: [clientId] });
}
