/** The states of an EC2 instance that this world knows, with their codes (`InstanceState` in the EC2 API reference). */
export const stateCodes = { pending: 0, running: 16, terminated: 48, stopping: 64, stopped: 80 } as const;

export interface Instance {
  readonly id: string;
  readonly region: string;
  readonly type: string;
  readonly isWindows: boolean;
  readonly privateIp: string;
  readonly publicIp: string | undefined;
  readonly launchedAt: string;
  readonly tags: Map<string, string>;
  state: keyof typeof stateCodes;
  /** When `pending` and `stopping` end. */
  settlesAt: Temporal.Instant | undefined;
}

export interface DbInstance {
  readonly name: string;
  readonly region: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly class: string;
  readonly storageGb: number;
  readonly isPublic: boolean;
  readonly tags: Map<string, string>;
  status: string;
}

export interface StoredObject {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly modifiedAt: Temporal.Instant;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: string;
  readonly objects: Map<string, StoredObject>;
}

export interface Alarm {
  readonly name: string;
  readonly region: string;
  readonly metric: string;
  readonly namespace: string;
  readonly dimension: readonly [name: string, value: string];
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  reason: string;
  updatedAt: Temporal.Instant;
}

/** The role that a customer made for the MSP. */
export interface Role {
  readonly name: string;
  readonly externalId: string;
  /** `MaxSessionDuration` of the role. */
  readonly maxSessionSeconds: number;
  /** What its policy does not allow, such as `rds:DescribeDBInstances`. */
  readonly deniedActions: Set<string>;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isManagement: boolean;
  status: 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE';
  role: Role | undefined;
  readonly instances: Instance[];
  readonly databases: DbInstance[];
  readonly buckets: Bucket[];
  readonly alarms: Alarm[];
}

/** The regions that the accounts have switched on. */
export const regions = ['eu-central-1', 'eu-west-1', 'us-east-1'] as const;
/** A region that exists but must be switched on first. */
export const optInRegion = 'ap-east-1';

/** The bucket into which the management account's cost data is delivered. */
export const costBucket = { name: 'northwind-it-cost-exports', region: 'us-east-1' } as const;

function instance(id: string, region: string, name: string, overrides: Partial<Instance> = {}): Instance {
  return {
    id,
    region,
    type: 't3.medium',
    isWindows: false,
    privateIp: '10.0.1.10',
    publicIp: undefined,
    launchedAt: '2026-03-02T08:15:00.000Z',
    tags: new Map([['Name', name]]),
    state: 'running',
    settlesAt: undefined,
    ...overrides,
  };
}

function database(name: string, region: string, overrides: Partial<DbInstance> = {}): DbInstance {
  return {
    name,
    region,
    engine: 'postgres',
    engineVersion: '17.5',
    class: 'db.t4g.medium',
    storageGb: 100,
    isPublic: false,
    tags: new Map([['env', 'prod']]),
    status: 'available',
    ...overrides,
  };
}

function bucket(name: string, region: string, keys: readonly string[], at: Temporal.Instant): Bucket {
  const object = (key: string): StoredObject => ({
    body: new TextEncoder().encode(`contents of ${key}`),
    contentType: 'text/plain',
    modifiedAt: at,
  });
  return {
    name,
    region,
    createdAt: '2025-05-01T09:00:00.000Z',
    objects: new Map(keys.map((key) => [key, object(key)])),
  };
}

function alarm(name: string, state: Alarm['state'], instanceId: string, at: Temporal.Instant): Alarm {
  return {
    name,
    region: 'eu-central-1',
    metric: 'CPUUtilization',
    namespace: 'AWS/EC2',
    dimension: ['InstanceId', instanceId],
    state,
    reason:
      state === 'ALARM'
        ? 'Threshold Crossed: 1 datapoint [97.0] was greater than the threshold (90.0).'
        : 'Below the threshold.',
    updatedAt: at,
  };
}

function emptyAccount(id: string, name: string, email: string): Account {
  return {
    id,
    name,
    email,
    isManagement: false,
    status: 'ACTIVE',
    role: undefined,
    instances: [],
    databases: [],
    buckets: [],
    alarms: [],
  };
}

/** The same ids, names and keys in both customers: only the account tells them apart. */
function customer(id: string, name: string, email: string, alarmState: Alarm['state'], now: Temporal.Instant): Account {
  return {
    ...emptyAccount(id, name, email),
    instances: [
      instance('i-0a1b2c3d4e5f60718', 'eu-central-1', 'web-01', { publicIp: '203.0.113.10' }),
      instance('i-0b1b2c3d4e5f60719', 'eu-central-1', 'web-02', { state: 'stopped', privateIp: '10.0.1.11' }),
      instance('i-0c1b2c3d4e5f6071a', 'eu-central-1', 'dc-01', {
        isWindows: true,
        type: 'm6i.large',
        privateIp: '10.0.1.12',
      }),
      instance('i-0d1b2c3d4e5f6071b', 'eu-central-1', 'files-01', { privateIp: '10.0.1.13' }),
      instance('i-0e1b2c3d4e5f6071c', 'eu-west-1', 'backup-01', { privateIp: '10.1.1.10' }),
    ],
    databases: ['orders', 'billing', 'archive', 'reports'].map((db) => database(`${db}-db`, 'eu-central-1')),
    buckets: [
      bucket(
        `${email.split('@')[1]?.replaceAll('.', '-')}-files`,
        'eu-central-1',
        ['a.txt', 'logs/1.txt', 'logs/2.txt', 'z ü+&.txt'],
        now,
      ),
    ],
    alarms: ['cpu-high', 'cpu-low', 'disk-full', 'memory-high'].map((label) =>
      alarm(label, label === 'cpu-high' ? alarmState : 'OK', 'i-0a1b2c3d4e5f60718', now),
    ),
  };
}

/** The organisation of an MSP: its management account, two customers that clash, one suspended, one that never made the role. */
export function makeAccounts(now: Temporal.Instant, externalId: (accountId: string) => string): Account[] {
  const management: Account = {
    ...emptyAccount('210000000001', 'Northwind IT', 'aws@northwind-it.example'),
    isManagement: true,
    buckets: [bucket(costBucket.name, costBucket.region, [], now)],
  };
  const accounts = [
    management,
    customer('210000000002', 'Harbour Dental', 'aws@harbour-dental.example', 'ALARM', now),
    customer('210000000003', 'Keller Metallbau', 'aws@keller-metallbau.example', 'OK', now),
    { ...emptyAccount('210000000004', 'Old Mill Bakery', 'aws@old-mill.example'), status: 'SUSPENDED' as const },
    emptyAccount('210000000005', 'Harbour Dental', 'labs@harbour-dental.example'),
  ];
  for (const account of accounts.slice(0, 4)) {
    account.role = {
      name: 'Bailiwick',
      externalId: externalId(account.id),
      maxSessionSeconds: 3600,
      deniedActions: new Set(),
    };
  }
  return accounts;
}
