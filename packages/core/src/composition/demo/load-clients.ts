import { RecordInventory, CreateAsset } from '#modules/assets';
import type { ClientId } from '#kernel/id';
import { CreateClient, SaveContact, Sites, type SiteId } from '#modules/tenancy';
import type { ClientPlan } from './client-plan.ts';
import { planMachines, type MachinePlan } from './machine-plan.ts';
import { planContacts } from './people-plan.ts';
import { beginningOf, contactScope, eachOf, type Stage, type StagedClient, type StagedMachine } from './stage.ts';

/** Adds the clients with their sites, people and machines, as of the story's beginning. */
export async function loadClients(stage: Stage, plans: readonly ClientPlan[]): Promise<StagedClient[]> {
  const { clock } = stage;
  const clients: StagedClient[] = [];
  for (const plan of plans) clients.push(await clock.at(beginningOf(clock), () => loadClient(stage, plan)));
  const count = (of: (client: StagedClient) => number): number =>
    clients.reduce((total, client) => total + of(client), 0);
  stage.say(
    `  clients: ${clients.length}, sites: ${count((one) => one.siteIds.length)}, contacts: ${count((one) => one.contacts.length)}`,
  );
  await clock.at(beginningOf(clock), () =>
    eachOf(
      stage,
      'assets',
      clients.flatMap((client) =>
        planMachines(client.plan, stage.random.fork(client.plan.shortCode)).map((plan) => ({ client, plan })),
      ),
      async ({ client, plan }) => {
        (client.machines as StagedMachine[]).push({ plan, assetId: await loadMachine(stage, client, plan) });
      },
    ),
  );
  // They were added several at a time; the story counts them in the order of their names.
  return clients.map((client) => ({
    ...client,
    machines: client.machines.toSorted((a, b) => (a.plan.name < b.plan.name ? -1 : 1)),
  }));
}

async function loadClient(stage: Stage, plan: ClientPlan): Promise<StagedClient> {
  const { container, system, mspId, random } = stage;
  const { name, shortCode, timeZone, domain, country } = plan;
  const { clientId } = await container
    .resolve(CreateClient)
    .run(system, { name, shortCode, timeZone, state: 'active', emailDomains: [domain] });
  const siteIds: SiteId[] = [];
  for (const site of plan.sites) {
    const made = await container.resolve(Sites).create(system, { ...site, clientId, timeZone, country });
    siteIds.push(made.siteId);
  }
  const contacts = [];
  for (const contact of planContacts(plan, random.fork(`people-${shortCode}`))) {
    const { site, ...fields } = contact;
    const { contactId } = await container
      .resolve(SaveContact)
      .create(system, { ...fields, clientId, siteId: siteIds[site] ?? null });
    contacts.push({ ...contact, contactId, scope: contactScope(mspId, clientId, { contactId, name: contact.name }) });
  }
  return { plan, clientId, siteIds, contacts, machines: [] };
}

async function loadMachine(
  { container, system, random, clock }: Stage,
  client: { plan: ClientPlan; clientId: ClientId; siteIds: readonly SiteId[] },
  plan: MachinePlan,
) {
  const siteId = client.siteIds[plan.site];
  if (plan.system === null) {
    const warranty = random.fork(`warranty-${plan.name}`).int(2, 40);
    const facts = {
      vendor: plan.vendor,
      model: plan.model,
      serialNumber: plan.serialNumber,
      warrantyEndsOn: clock.present
        .toZonedDateTimeISO('UTC')
        .toPlainDate()
        .add({ months: warranty - 8 })
        .toString(),
    };
    const { clientId } = client;
    const made = await container
      .resolve(CreateAsset)
      .run(system, { clientId, name: plan.name, kind: plan.kind, facts, ...(siteId === undefined ? {} : { siteId }) });
    return made.assetId;
  }
  const found = await container.resolve(RecordInventory).identify(system, {
    clientId: client.clientId,
    source: 'agent',
    name: plan.name,
    siteId,
    isManaged: true,
    evidence: {
      sourceKey: plan.smbiosUuid,
      smbiosUuid: plan.smbiosUuid,
      machineId: plan.machineId,
      serialNumber: plan.serialNumber,
      macAddresses: [plan.macAddress],
    },
  });
  if (found.assetId === null) throw new Error(`The machine ${plan.name} is not told from others.`);
  return found.assetId;
}
