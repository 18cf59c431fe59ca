import type { GraphObject, Json, Product, Tenant } from './tenant.ts';

/** Ids count the same in every tenant: that is how they clash. */
export function clashingId(
  kind: 'user' | 'group' | 'device' | 'managedDevice' | 'directoryDevice',
  number: number,
): string {
  const prefix = { user: 'a0', group: 'b0', device: 'c0', managedDevice: 'd0', directoryDevice: 'e0' }[kind];
  return `${prefix}${'0'.repeat(6)}-1000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

const exchangePlan = {
  servicePlanId: 'efb87545-963c-4e0d-99df-69c6916d9eb0',
  servicePlanName: 'EXCHANGE_S_ENTERPRISE',
};

/** Product ids from "Product names and service plan identifiers for licensing". */
const businessPremium = { skuId: 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', skuPartNumber: 'SPB' };
const exchangeOnline = { skuId: '4b9405b0-7788-4568-add1-99614e613b69', skuPartNumber: 'EXCHANGESTANDARD' };
const flowFree = { skuId: 'f30db892-07e9-47e9-837c-80727f46fd3d', skuPartNumber: 'FLOW_FREE' };

const givenNames = ['Amelia', 'Bilal', 'Chioma', 'Dieter', 'Eszter', 'Farid', 'Grace', 'Hiro', 'Ines', 'Jakub'];
const surnames = [
  'Abbott',
  'Berger',
  'Costa',
  'Dvořák',
  'Eriksen',
  'Fontaine',
  'Grant',
  'Hassan',
  'Ito',
  'Jansen',
  'Kaur',
];
const departments = ['Operations', 'Finance', 'Sales', 'IT'];

/** Users, groups, products, domains and mailboxes of a tenant. */
export function fillPeople(tenant: Tenant, count: number, boughtUnits: number): void {
  tenant.domains.push(domain(tenant.defaultDomain, true), domain(initialDomain(tenant), false));
  tenant.products.push(product(businessPremium, boughtUnits), product(exchangeOnline, 5), product(flowFree, 10_000));
  for (let number = 1; number <= count; number += 1) {
    tenant.users.set(clashingId('user', number), person(tenant, number));
    addSignInData(tenant, clashingId('user', number), number);
  }
  tenant.privilegedUserIds.add(clashingId('user', 1));
  addGroups(tenant, count);
}

function person(tenant: Tenant, number: number): GraphObject {
  const givenName = givenNames[number % givenNames.length] ?? '';
  const surname = surnames[number % surnames.length] ?? '';
  const name = `${givenName}.${surname}`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const address = `${name}${number}@${tenant.defaultDomain}`;
  return {
    ...emptyUser(),
    id: clashingId('user', number),
    displayName: `${givenName} ${surname}`,
    givenName,
    surname,
    userPrincipalName: address,
    mail: address,
    mailNickname: `${name}${number}`,
    jobTitle: number % 7 === 0 ? null : 'Specialist',
    department: departments[number % departments.length] ?? null,
    accountEnabled: number % 29 !== 0,
    usageLocation: number % 31 === 0 ? null : 'GB',
    onPremisesSyncEnabled: number % 17 === 0 ? true : null,
    createdDateTime: `2023-0${1 + (number % 9)}-1${number % 10}T08:00:00Z`,
    assignedLicenses: [{ disabledPlans: [], skuId: businessPremium.skuId }],
    proxyAddresses: [`SMTP:${address}`],
  };
}

/** The properties that a user has without anyone setting them. */
export function emptyUser(): { [property: string]: Json } {
  return {
    businessPhones: [],
    givenName: null,
    jobTitle: null,
    mail: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: null,
    accountEnabled: true,
    assignedLicenses: [],
    companyName: null,
    department: null,
    deletedDateTime: null,
    employeeId: null,
    mailNickname: null,
    onPremisesImmutableId: null,
    onPremisesSyncEnabled: null,
    otherMails: [],
    proxyAddresses: [],
    usageLocation: null,
    userType: 'Member',
  };
}

function addSignInData(tenant: Tenant, userId: string, number: number): void {
  tenant.mailboxSettings.set(userId, {
    automaticRepliesSetting: {
      status: 'disabled',
      externalAudience: 'none',
      internalReplyMessage: '',
      externalReplyMessage: '',
    },
    timeZone: 'GMT Standard Time',
    userPurpose: number % 23 === 0 ? 'shared' : 'user',
  });
  tenant.authenticationMethods.set(userId, [
    { '@odata.type': '#microsoft.graph.passwordAuthenticationMethod', id: '28c10230-6103-485e-b985-444c60001490' },
    {
      '@odata.type': '#microsoft.graph.phoneAuthenticationMethod',
      id: '3179e48a-750b-4051-897c-87b9720928f7',
      phoneType: 'mobile',
    },
    ...(number % 2 === 0
      ? [
          {
            '@odata.type': '#microsoft.graph.microsoftAuthenticatorAuthenticationMethod',
            id: clashingId('device', number),
            displayName: 'Phone',
          },
        ]
      : []),
  ]);
}

function addGroups(tenant: Tenant, userCount: number): void {
  const everyone = Array.from({ length: userCount }, (_, index) => clashingId('user', index + 1));
  const groups = [
    group(1, 'All staff', { groupTypes: ['DynamicMembership'], membershipRule: 'user.accountEnabled -eq true' }),
    group(2, 'Finance', {}),
    group(3, 'Project room', { groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false }),
    group(4, 'Announcements', { mailEnabled: true, securityEnabled: false }),
  ];
  for (const [index, object] of groups.entries()) {
    const memberIds = new Set(everyone.filter((_, position) => index === 0 || position % 4 === index));
    tenant.groups.set(object.id, { object, memberIds });
  }
}

function group(number: number, displayName: string, more: { [property: string]: Json }): GraphObject {
  return {
    id: clashingId('group', number),
    displayName,
    description: null,
    mail: null,
    mailEnabled: false,
    mailNickname: displayName.replaceAll(' ', ''),
    securityEnabled: true,
    groupTypes: [],
    membershipRule: null,
    onPremisesSyncEnabled: null,
    visibility: null,
    createdDateTime: '2023-01-10T08:00:00Z',
    deletedDateTime: null,
    ...more,
  };
}

function product(named: { skuId: string; skuPartNumber: string }, enabledUnits: number): Product {
  return { ...named, enabledUnits, warningUnits: 0, suspendedUnits: 0, servicePlans: [exchangePlan] };
}

function initialDomain(tenant: Tenant): string {
  return `${tenant.defaultDomain.split('.')[0]}.onmicrosoft.example`;
}

function domain(id: string, isDefault: boolean): GraphObject {
  return {
    id,
    authenticationType: 'Managed',
    availabilityStatus: null,
    isAdminManaged: true,
    isDefault,
    isInitial: !isDefault,
    isRoot: true,
    isVerified: true,
    supportedServices: ['Email', 'OfficeCommunicationsOnline'],
    passwordValidityPeriodInDays: 2147483647,
    passwordNotificationWindowInDays: 14,
    state: null,
  };
}
