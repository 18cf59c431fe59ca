import { field, type ObjectOf, type Shape } from './field.ts';

const severity = field.choice(['info', 'warning', 'critical']);
const labels = field.json({ optional: true, help: 'An object of short texts, shown beside the record.' });
const money = { amount: field.decimal(), currency: field.text({ pattern: '[A-Z]{3}', help: 'ISO 4217.' }) };

const infrastructure = {
  /** A machine or an appliance. The host finds its asset by serial number, SMBIOS UUID and MAC addresses. */
  device: {
    name: field.text({ max: 253 }),
    kind: field.choice(
      ['server', 'workstation', 'laptop', 'mobile', 'hypervisor', 'network', 'storage', 'printer', 'cloud', 'other'],
      { optional: true },
    ),
    fqdn: field.text({ optional: true, max: 253 }),
    vendor: field.text({ optional: true, max: 200 }),
    model: field.text({ optional: true, max: 200 }),
    serialNumber: field.text({ optional: true, max: 200 }),
    smbiosUuid: field.text({ optional: true, max: 36 }),
    macAddresses: field.list(field.text({ max: 17 }), { optional: true, help: 'Six hex pairs; any separator.' }),
    ipAddresses: field.list(field.text({ max: 64 }), { optional: true }),
    osFamily: field.text({ optional: true, max: 50, example: 'linux' }),
    osName: field.text({ optional: true, max: 200 }),
    osVersion: field.text({ optional: true, max: 100 }),
    cpuModel: field.text({ optional: true, max: 200 }),
    cpuCores: field.integer({ optional: true, min: 0, max: 65_536 }),
    memoryBytes: field.integer({ optional: true, min: 0, unit: 'By' }),
    isManaged: field.boolean({ optional: true, help: 'The vendor also manages it, not only watches it.' }),
    state: field.text({ optional: true, max: 50, help: "The vendor's word for its state: running, approved …" }),
    labels,
  },
  /** Installed software of one device. */
  software: {
    device: field.text({ help: 'The id of the device, in the same scope.' }),
    name: field.text({ max: 300 }),
    version: field.text({ max: 300 }),
    publisher: field.text({ optional: true, max: 300 }),
    installedOn: field.date({ optional: true }),
  },
  networkInterface: {
    device: field.text(),
    name: field.text({ max: 100 }),
    macAddress: field.text({ optional: true, max: 17 }),
    addresses: field.list(field.text({ max: 64 }), { optional: true }),
    isUp: field.boolean({ optional: true }),
    speedMbit: field.integer({ optional: true, min: 0 }),
  },
  /** Something that runs on a device: a daemon, a Windows service. */
  service: {
    device: field.text(),
    name: field.text({ max: 200 }),
    displayName: field.text({ optional: true, max: 300 }),
    state: field.choice(['running', 'stopped', 'failed', 'other']),
    startType: field.choice(['automatic', 'manual', 'disabled', 'other'], { optional: true }),
  },
  relation: {
    from: field.text(),
    to: field.text(),
    kind: field.choice(['runs-on', 'depends-on', 'connected-to', 'powered-by', 'backed-up-by', 'part-of']),
  },
  cloudResource: {
    name: field.text({ max: 300 }),
    service: field.text({ max: 100, example: 'ec2' }),
    type: field.text({ max: 100, example: 'instance' }),
    region: field.text({ optional: true, max: 100 }),
    state: field.text({ optional: true, max: 100 }),
    device: field.text({ optional: true, help: 'The device record of the same thing, where there is one.' }),
    properties: field.json({ optional: true }),
    tags: labels,
  },
} as const satisfies Record<string, Shape>;

const operations = {
  /** A judgement that the vendor repeats: what is watched, and how it is now. */
  check: {
    device: field.text({ optional: true }),
    name: field.text({ max: 300 }),
    state: field.choice(['ok', 'warning', 'critical', 'unknown']),
    message: field.multiline({ optional: true }),
    changedAt: field.instant({ optional: true }),
  },
  /** One measured value. The record's id is the series at the vendor; each new `at` is a sample. */
  metric: {
    device: field.text(),
    name: field.text({ max: 200, example: 'cpu.busy_percent' }),
    labels,
    value: field.number(),
    unit: field.text({ optional: true, max: 50 }),
    at: field.instant(),
  },
  /** A problem at the vendor. One record for its whole life; the host opens and recovers the alert. */
  alert: {
    device: field.text({ optional: true }),
    title: field.text({ max: 300 }),
    message: field.multiline({ optional: true, max: 10_000 }),
    severity,
    state: field.choice(['open', 'acknowledged', 'recovered']),
    openedAt: field.instant(),
    recoveredAt: field.instant({ optional: true }),
    url: field.url({ optional: true, max: 2000 }),
    labels,
  },
  /** Something to put right: a weak setting, an open risk (OCSF's finding classes). */
  finding: {
    title: field.text({ max: 300 }),
    description: field.multiline({ optional: true, max: 10_000 }),
    severity: field.choice(['informational', 'low', 'medium', 'high', 'critical']),
    state: field.choice(['new', 'in-progress', 'suppressed', 'resolved']),
    category: field.text({ optional: true, max: 100 }),
    resource: field.text({ optional: true, max: 300 }),
    remediation: field.multiline({ optional: true, max: 10_000 }),
    score: field.number({ optional: true }),
    maxScore: field.number({ optional: true }),
    observedAt: field.instant({ optional: true }),
  },
  patch: {
    device: field.text(),
    name: field.text({ max: 300 }),
    identifier: field.text({ optional: true, max: 100, example: 'KB5034441' }),
    severity: field.choice(['critical', 'important', 'moderate', 'low', 'unspecified'], { optional: true }),
    state: field.choice(['missing', 'approved', 'rejected', 'installed', 'failed', 'pending-reboot']),
    releasedOn: field.date({ optional: true }),
    installedAt: field.instant({ optional: true }),
  },
  backupJob: {
    name: field.text({ max: 300 }),
    schedule: field.text({ optional: true, max: 200 }),
    isEnabled: field.boolean(),
    repository: field.text({ optional: true, max: 300 }),
  },
  backupRun: {
    job: field.text(),
    state: field.choice(['running', 'succeeded', 'warning', 'failed']),
    startedAt: field.instant(),
    endedAt: field.instant({ optional: true }),
    bytes: field.integer({ optional: true, min: 0, unit: 'By' }),
    message: field.multiline({ optional: true }),
  },
  protectedItem: {
    name: field.text({ max: 300 }),
    device: field.text({ optional: true }),
    kind: field.text({ max: 100, example: 'machine' }),
    newestRestorePointAt: field.instant({ optional: true }),
    bytes: field.integer({ optional: true, min: 0, unit: 'By' }),
  },
  restoreTest: {
    item: field.text(),
    state: field.choice(['passed', 'failed']),
    testedAt: field.instant(),
    message: field.multiline({ optional: true }),
  },
} as const satisfies Record<string, Shape>;

const people = {
  /** An account of a person or a service at the vendor. */
  user: {
    name: field.text({ max: 300, private: true }),
    loginName: field.text({ max: 320, private: true }),
    email: field.text({ optional: true, max: 320, private: true }),
    isEnabled: field.boolean(),
    kind: field.choice(['member', 'guest', 'service'], { optional: true }),
    jobTitle: field.text({ optional: true, max: 200, private: true }),
    department: field.text({ optional: true, max: 200 }),
    hasMfa: field.boolean({ optional: true }),
    licences: field.list(field.text({ max: 100 }), { optional: true, help: 'Ids of licence records.' }),
    createdAt: field.instant({ optional: true }),
  },
  group: {
    name: field.text({ max: 300 }),
    kind: field.text({ optional: true, max: 100 }),
    members: field.list(field.text({ max: 200 }), { optional: true, max: 100_000, help: 'Ids of user records.' }),
  },
  /** What is bought and how much of it is in use; billing compares the two with what is invoiced. */
  licence: {
    name: field.text({ max: 300 }),
    sku: field.text({ max: 100 }),
    total: field.integer({ min: 0 }),
    assigned: field.integer({ min: 0 }),
    suspended: field.integer({ optional: true, min: 0 }),
    state: field.text({ optional: true, max: 50 }),
    renewsOn: field.date({ optional: true }),
  },
  mailbox: {
    address: field.text({ max: 320, private: true }),
    user: field.text({ optional: true }),
    kind: field.choice(['user', 'shared', 'room', 'other']),
    bytes: field.integer({ optional: true, min: 0, unit: 'By' }),
    quotaBytes: field.integer({ optional: true, min: 0, unit: 'By' }),
    forwardsTo: field.text({ optional: true, max: 320, private: true }),
  },
  contact: {
    name: field.text({ max: 300, private: true }),
    email: field.text({ optional: true, max: 320, private: true }),
    phone: field.text({ optional: true, max: 50, private: true }),
    account: field.text({ optional: true }),
  },
} as const satisfies Record<string, Shape>;

const commerce = {
  /** One line of cost. The names are the columns of FOCUS 1.0 in camel case. */
  cost: {
    billedCost: field.decimal(),
    effectiveCost: field.decimal({ optional: true }),
    listCost: field.decimal({ optional: true }),
    billingCurrency: field.text({ pattern: '[A-Z]{3}' }),
    billingPeriodStart: field.instant(),
    billingPeriodEnd: field.instant(),
    chargePeriodStart: field.instant(),
    chargePeriodEnd: field.instant(),
    chargeCategory: field.choice(['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment']),
    chargeDescription: field.text({ optional: true }),
    serviceName: field.text({ max: 300 }),
    serviceCategory: field.text({ optional: true, max: 100 }),
    providerName: field.text({ max: 100 }),
    regionId: field.text({ optional: true, max: 100 }),
    resourceId: field.text({ optional: true, max: 1000 }),
    resourceName: field.text({ optional: true, max: 300 }),
    skuId: field.text({ optional: true, max: 100 }),
    consumedQuantity: field.decimal({ optional: true }),
    consumedUnit: field.text({ optional: true, max: 50 }),
    subAccountId: field.text({ optional: true, max: 200 }),
    tags: labels,
  },
  ticket: {
    number: field.text({ max: 100 }),
    subject: field.text({ max: 300 }),
    state: field.text({ max: 50 }),
    updatedAt: field.instant({ optional: true }),
    url: field.url({ optional: true, max: 2000 }),
  },
  account: {
    name: field.text({ max: 300 }),
    number: field.text({ optional: true, max: 100 }),
    taxId: field.text({ optional: true, max: 100 }),
    email: field.text({ optional: true, max: 320, private: true }),
  },
  product: { name: field.text({ max: 300 }), sku: field.text({ optional: true, max: 100 }), ...money },
  invoice: {
    number: field.text({ max: 100 }),
    account: field.text(),
    issuedOn: field.date(),
    dueOn: field.date({ optional: true }),
    state: field.choice(['draft', 'open', 'paid', 'void']),
    ...money,
  },
  payment: { invoice: field.text(), paidAt: field.instant(), ...money },
} as const satisfies Record<string, Shape>;

/**
 * The fields of every canonical type of record. An unknown field in a record is an error; what the vendor has beyond
 * these goes into `labels`, `properties`, or a type of the plugin's own (`x:<plugin>/<type>`).
 *
 * @example
 * Object.keys(entities.licence); // name, sku, total, assigned …
 */
export const entities = { ...infrastructure, ...operations, ...people, ...commerce } as const;

/** The name of a canonical type of record. */
export type EntityType = keyof typeof entities;

/** A type of record that only this plugin knows; kept and shown, not understood. */
export type OwnEntityType = `x:${string}/${string}`;

/**
 * The data of a record.
 *
 * @example
 * const device: EntityData<'device'> = { name: 'srv-01', kind: 'server', serialNumber: 'CZC12345' };
 */
export type EntityData<E extends EntityType | OwnEntityType> = E extends EntityType
  ? ObjectOf<(typeof entities)[E]>
  : Readonly<Record<string, unknown>>;
