import { fillDevices } from './default-devices.ts';
import { fillPeople } from './default-people.ts';
import { fillSecurity } from './default-security.ts';
import { roleIds, rights } from './permissions.ts';
import { Tenant } from './tenant.ts';
import { World } from './world.ts';

/** The application that the default world has registered in the partner's tenant and consented everywhere. */
export const defaultApplication = {
  clientId: 'b41d3f0c-5a86-4f0e-9a6b-3a5c0f6f2d11',
  clientSecret: 'emu~8Q_secret.of.the.default.application',
  displayName: 'Bailiwick',
  redirectUri: 'http://localhost/oauth/callback',
} as const;

/** The partner's tenant. */
export const partnerTenantId = '0d5b7e5e-9c1a-4b52-8f0d-6d0c7a1be001';

/** The customers' tenants, by what is special about them. */
export const customerTenantIds = {
  /** Harbour Dental: 310 users, so that every list has several pages; Entra ID P1. */
  large: '1a6f52d4-0b0e-4c3b-9d55-0f1f6a3c1001',
  /** Brightwater Legal: user, group and device ids clash with those of Harbour Dental. */
  clashing: '2b7a63e5-1c1f-4d4c-8e66-1a2a7b4d2002',
  /** Ashford Foods: more licences assigned than bought. */
  overAssigned: '3c8b74f6-2d2a-4e5d-9f77-2b3b8c5e3003',
  /** Kestrel Logistics: the relationship ends in 20 days. */
  endingSoon: '4d9c85a7-3e3b-4f6e-8a88-3c4c9d6f4004',
  /** Old Mill School: the relationship has expired. */
  expired: '5ead96b8-4f4c-4a7f-9b99-4d5dae7a5005',
} as const;

interface CustomerPlan {
  readonly id: string;
  readonly displayName: string;
  readonly domain: string;
  readonly users: number;
  readonly boughtUnits: number;
  readonly devices: number;
  readonly isPremium: boolean;
  /** Days from now to the end of its relationship; negative is past. */
  readonly relationshipEndsInDays: number;
}

const customers: readonly CustomerPlan[] = [
  plan(customerTenantIds.large, 'Harbour Dental', 'harbourdental.example', 310, 320, 140, true, 400),
  plan(customerTenantIds.clashing, 'Brightwater Legal', 'brightwater.example', 60, 75, 30, true, 300),
  plan(customerTenantIds.overAssigned, 'Ashford Foods', 'ashfordfoods.example', 45, 40, 12, false, 250),
  plan(customerTenantIds.endingSoon, 'Kestrel Logistics', 'kestrel.example', 20, 25, 8, false, 20),
  plan(customerTenantIds.expired, 'Old Mill School', 'oldmill.example', 12, 15, 5, false, -10),
];

/** One partner, five customers, 450 users. The same bytes on every call, but for the times around now. */
export function createDefaultWorld(): World {
  const partner = new Tenant(partnerTenantId, 'Northgate IT', 'northgate.example', true);
  const world = new World(partner);
  fillPeople(partner, 4, 5);
  registerApplication(world);
  world.signedIn = { tenantId: partner.id, userId: [...partner.users.keys()][0] ?? '' };
  for (const [index, customer] of customers.entries()) addCustomer(world, customer, index);
  return world;
}

function plan(
  ...[id, displayName, domain, users, boughtUnits, devices, isPremium, relationshipEndsInDays]: [
    string,
    string,
    string,
    number,
    number,
    number,
    boolean,
    number,
  ]
): CustomerPlan {
  return { id, displayName, domain, users, boughtUnits, devices, isPremium, relationshipEndsInDays };
}

function registerApplication(world: World): void {
  world.applications.set(defaultApplication.clientId, {
    clientId: defaultApplication.clientId,
    displayName: defaultApplication.displayName,
    redirectUris: [defaultApplication.redirectUri],
    secrets: [{ value: defaultApplication.clientSecret, expiresAt: world.clock.now().add({ hours: 24 * 180 }) }],
  });
  consent(world.partner);
}

/** Every permission that the emulator knows, as an administrator grants it. */
function consent(tenant: Tenant): void {
  const all = Object.values(rights).flatMap((right) => right.permissions);
  tenant.consents.set(defaultApplication.clientId, {
    applicationPermissions: new Set(all),
    delegatedPermissions: new Set(all),
  });
}

function addCustomer(world: World, customer: CustomerPlan, index: number): void {
  const tenant = new Tenant(customer.id, customer.displayName, customer.domain, customer.isPremium);
  world.tenants.set(tenant.id, tenant);
  fillPeople(tenant, customer.users, customer.boughtUnits);
  fillDevices(tenant, customer.devices, world.clock.now());
  fillSecurity(tenant, world.clock.now());
  consent(tenant);
  const endsAt = world.clock.now().add({ hours: 24 * customer.relationshipEndsInDays });
  world.relationships.push({
    id: `7d02${index}261-d21f-4aa9-b7db-7fa1f56fb163-${customer.id}`,
    displayName: `${customer.displayName} administration`,
    customerTenantId: customer.id,
    customerDisplayName: customer.displayName,
    roleDefinitionIds: Object.values(roleIds),
    duration: 'P730D',
    activatedAt: endsAt.subtract({ hours: 24 * 730 }),
    endsAt,
    isTerminated: false,
  });
}
