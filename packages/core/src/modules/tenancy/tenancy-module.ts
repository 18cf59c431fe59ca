import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { Directory } from '#modules/directory';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { defineModule, provide } from '#platform/module';
import { ClientGroups } from './client-groups.ts';
import { ClientQueries } from './client-queries.ts';
import { ClientStore } from './client-store.ts';
import { ContactQueries } from './contact-queries.ts';
import { CreateClient } from './create-client.ts';
import { CreateMsp } from './create-msp.ts';
import { MergeClients } from './merge-clients.ts';
import { MspQueries } from './msp-queries.ts';
import { SaveContact } from './save-contact.ts';
import { SiteQueries } from './site-queries.ts';
import { Sites } from './sites.ts';
import { tenancyCommands } from './tenancy-commands.ts';
import { tenancyOperations } from './tenancy-operations.ts';
import { tenancyPermissions } from './tenancy-policy.ts';
import { UpdateClient } from './update-client.ts';
import { UpdateMsp } from './update-msp.ts';

export const tenancyModule = defineModule({
  name: 'tenancy',
  tables: ['msp', 'client', 'site', 'person', 'contact'],
  permissions: tenancyPermissions,
  register(container) {
    provide(container, ClientStore, () => new ClientStore());
    registerPlaces(container);
    provide(container, MspQueries, (c) => new MspQueries({ db: c.resolve(ScopedDb) }));
    provide(container, ContactQueries, (c) => new ContactQueries({ db: c.resolve(ScopedDb) }));
    provide(container, UpdateMsp, (c) => new UpdateMsp({ db: c.resolve(ScopedDb), audit: c.resolve(AuditTrail) }));
    provide(container, ClientQueries, (c) => new ClientQueries({ db: c.resolve(ScopedDb) }));
    provide(
      container,
      CreateMsp,
      (c) =>
        new CreateMsp({
          db: c.resolve(ScopedDb),
          store: c.resolve(ClientStore),
          directory: c.resolve(Directory),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      CreateClient,
      (c) =>
        new CreateClient({
          db: c.resolve(ScopedDb),
          store: c.resolve(ClientStore),
          audit: c.resolve(AuditTrail),
          jobs: c.resolve(JobQueue),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      UpdateClient,
      (c) => new UpdateClient({ db: c.resolve(ScopedDb), store: c.resolve(ClientStore), audit: c.resolve(AuditTrail) }),
    );
  },
  operations: (c) =>
    tenancyOperations({
      clients: c.resolve(ClientQueries),
      createClient: c.resolve(CreateClient),
      updateClient: c.resolve(UpdateClient),
      mergeClients: c.resolve(MergeClients),
      sites: c.resolve(Sites),
      siteQueries: c.resolve(SiteQueries),
      contacts: c.resolve(ContactQueries),
      saveContact: c.resolve(SaveContact),
      groups: c.resolve(ClientGroups),
      msps: c.resolve(MspQueries),
      updateMsp: c.resolve(UpdateMsp),
    }),
  commands: (c) => tenancyCommands(() => ({ createMsp: c.resolve(CreateMsp) })),
});

function registerPlaces(container: DependencyContainer): void {
  const needs = (c: DependencyContainer) => ({
    db: c.resolve(ScopedDb),
    clients: c.resolve(ClientStore),
    store: c.resolve(ClientStore),
    audit: c.resolve(AuditTrail),
    clock: c.resolve(ClockToken),
  });
  provide(container, SiteQueries, (c) => new SiteQueries(needs(c)));
  provide(container, Sites, (c) => new Sites(needs(c)));
  provide(container, SaveContact, (c) => new SaveContact(needs(c)));
  provide(container, ClientGroups, (c) => new ClientGroups(needs(c)));
  provide(container, MergeClients, (c) => new MergeClients(needs(c)));
}
