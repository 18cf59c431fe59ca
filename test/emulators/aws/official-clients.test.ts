import { CloudWatchClient, DescribeAlarmsCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  EC2Client,
  paginateDescribeInstances,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { ListAccountsCommand, OrganizationsClient, paginateListAccounts } from '@aws-sdk/client-organizations';
import { DescribeDBInstancesCommand, paginateDescribeDBInstances, RDSClient } from '@aws-sdk/client-rds';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAws } from './aws.ts';
import { all, assumeRole, clientOptions, type Credentials } from './test-clients.ts';

const harbour = '210000000002';
const keller = '210000000003';
const webServer = 'i-0a1b2c3d4e5f60718';

let now = Temporal.Instant.from('2026-11-21T12:00:00Z');
let aws: AwsEmulator;

beforeAll(async () => {
  // The clients sign with the machine's clock.
  now = Temporal.Now.instant();
  aws = await startAws({ now: () => now });
});
afterAll(async () => aws.stop());

const options = (region: string, credentials?: Credentials) => clientOptions(aws, region, credentials);
const assume = (accountId: string, overrides: Parameters<typeof assumeRole>[2] = {}) =>
  assumeRole(aws, accountId, overrides);

describe('STS', () => {
  it('tells who calls', async () => {
    const sts = new STSClient(options('us-east-1'));
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: aws.managementAccountId,
      Arn: `arn:aws:iam::${aws.managementAccountId}:user/bailiwick`,
    });
  });

  it('gives temporary credentials of a role in another account', async () => {
    const session = await assume(harbour);
    expect(session.expiration?.toISOString()).toBe(
      `${now.add({ hours: 1 }).toString({ smallestUnit: 'second' }).slice(0, -1)}.000Z`,
    );
    const sts = new STSClient(options('eu-west-1', session));
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: harbour,
      Arn: `arn:aws:sts::${harbour}:assumed-role/Bailiwick/bailiwick`,
    });
  });

  it.each([
    ['the external id of another account', () => assume(harbour, { ExternalId: `bailiwick-${keller}` })],
    ['a suspended account', () => assume('210000000004')],
    ['an account without the role', () => assume('210000000005')],
    ['an account that does not exist', () => assume('999999999999')],
  ])('refuses %s, and does not say why', async (_what, ask) => {
    await expect(ask()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  });

  it('refuses a session that is longer than the role allows', async () => {
    await expect(assume(harbour, { DurationSeconds: 7200 })).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('Organizations', () => {
  it('lists every account, page by page', async () => {
    const pages = await all(paginateListAccounts({ client: new OrganizationsClient(options('us-east-1')) }, {}));
    expect(pages.map((page) => page.Accounts?.length)).toEqual([2, 2, 1]);
    const accounts = pages.flatMap((page) => page.Accounts ?? []);
    expect(accounts.map(({ Id, Name, Status }) => [Id, Name, Status])).toEqual([
      ['210000000001', 'Northwind IT', 'ACTIVE'],
      [harbour, 'Harbour Dental', 'ACTIVE'],
      [keller, 'Keller Metallbau', 'ACTIVE'],
      ['210000000004', 'Old Mill Bakery', 'SUSPENDED'],
      ['210000000005', 'Harbour Dental', 'ACTIVE'],
    ]);
    expect(accounts[0]?.JoinedTimestamp?.toISOString()).toBe('2025-05-01T09:00:00.123Z');
  });

  it('answers only the management account', async () => {
    const client = new OrganizationsClient(options('us-east-1', await assume(harbour)));
    await expect(client.send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('refuses a page token that it did not give', async () => {
    const client = new OrganizationsClient(options('us-east-1'));
    await expect(client.send(new ListAccountsCommand({ NextToken: 'x' }))).rejects.toMatchObject({
      name: 'InvalidInputException',
      Reason: 'INVALID_NEXT_TOKEN',
    });
  });
});

describe('EC2', () => {
  it('lists the instances of one account and region, page by page', async () => {
    const client = new EC2Client(options('eu-central-1', await assume(harbour)));
    const pages = await all(paginateDescribeInstances({ client, pageSize: 5 }, {}));
    const instances = pages.flatMap((page) => page.Reservations ?? []).flatMap((one) => one.Instances ?? []);
    expect(pages).toHaveLength(2);
    expect(instances).toHaveLength(4);
    expect(instances[0]).toMatchObject({
      InstanceId: webServer,
      InstanceType: 't3.medium',
      State: { Name: 'running', Code: 16 },
      Placement: { AvailabilityZone: 'eu-central-1a' },
      PublicIpAddress: '203.0.113.10',
      Tags: [{ Key: 'Name', Value: 'web-01' }],
    });
    expect(instances[2]).toMatchObject({ Platform: 'windows' });
    expect(pages[0]?.Reservations?.[0]?.OwnerId).toBe(harbour);
  });

  it('filters, also with wildcards, and refuses a filter that it does not know', async () => {
    const client = new EC2Client(options('eu-central-1', await assume(harbour)));
    const ask = (Name: string, value: string) =>
      client.send(new DescribeInstancesCommand({ Filters: [{ Name, Values: [value] }] }));
    expect((await ask('tag:Name', 'web-*')).Reservations).toHaveLength(2);
    expect((await ask('instance-state-name', 'stopped')).Reservations).toHaveLength(1);
    await expect(ask('colour', 'red')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('stops and starts an instance, in steps', async () => {
    const client = new EC2Client(options('eu-central-1', await assume(keller)));
    const state = async () =>
      (await client.send(new DescribeInstancesCommand({ InstanceIds: [webServer] }))).Reservations?.[0]?.Instances?.[0]
        ?.State?.Name;
    const stopped = await client.send(new StopInstancesCommand({ InstanceIds: [webServer] }));
    expect(stopped.StoppingInstances).toMatchObject([
      { InstanceId: webServer, CurrentState: { Name: 'stopping', Code: 64 }, PreviousState: { Name: 'running' } },
    ]);
    await expect(client.send(new StartInstancesCommand({ InstanceIds: [webServer] }))).rejects.toMatchObject({
      name: 'IncorrectInstanceState',
    });
    now = now.add({ seconds: 15 });
    expect(await state()).toBe('stopped');
    await client.send(new StartInstancesCommand({ InstanceIds: [webServer] }));
    expect(await state()).toBe('pending');
    expect(aws.account(harbour).instances[0]?.state).toBe('running');
  });

  it('answers a dry run without doing it', async () => {
    const client = new EC2Client(options('eu-central-1', await assume(harbour)));
    const ask = () => client.send(new StopInstancesCommand({ InstanceIds: [webServer], DryRun: true }));
    await expect(ask()).rejects.toMatchObject({ name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } });
    const denied = aws.account(harbour).role?.deniedActions;
    denied?.add('ec2:StopInstances');
    await expect(ask()).rejects.toMatchObject({ name: 'UnauthorizedOperation', $metadata: { httpStatusCode: 403 } });
    denied?.clear();
    expect(aws.account(harbour).instances[0]?.state).toBe('running');
  });

  it('tags, and keeps to the rules of tags', async () => {
    const client = new EC2Client(options('eu-central-1', await assume(harbour)));
    const tag = (Key: string, id = webServer) =>
      client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value: 'a & b' }] }));
    await tag('owner');
    expect(aws.account(harbour).instances[0]?.tags.get('owner')).toBe('a & b');
    expect(aws.account(keller).instances[0]?.tags.has('owner')).toBe(false);
    await expect(tag('aws:owner')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(tag('owner', 'i-0123456789abcdef0')).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    await expect(tag('owner', 'vm-1')).rejects.toMatchObject({ name: 'InvalidInstanceID.Malformed' });
  });

  it('names the regions, and refuses one that is not switched on', async () => {
    const session = await assume(harbour);
    const ask = (region: string) =>
      new EC2Client(options(region, session)).send(new DescribeRegionsCommand({ AllRegions: true }));
    expect((await ask('eu-west-1')).Regions?.map((region) => region.OptInStatus)).toContain('not-opted-in');
    await expect(ask('ap-east-1')).rejects.toMatchObject({ name: 'AuthFailure', $metadata: { httpStatusCode: 401 } });
  });
});

describe('RDS', () => {
  it('lists the databases, marker by marker', async () => {
    const client = new RDSClient(options('eu-central-1', await assume(keller)));
    const pages = await all(paginateDescribeDBInstances({ client }, {}));
    expect(pages.map((page) => page.DBInstances?.length)).toEqual([2, 2]);
    expect(pages[0]?.DBInstances?.[0]).toMatchObject({
      DBInstanceIdentifier: 'orders-db',
      DBInstanceArn: `arn:aws:rds:eu-central-1:${keller}:db:orders-db`,
      AllocatedStorage: 100,
      PubliclyAccessible: false,
      TagList: [{ Key: 'env', Value: 'prod' }],
    });
  });

  it('says which database is not there', async () => {
    const client = new RDSClient(options('eu-central-1', await assume(keller)));
    await expect(
      client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'nowhere' })),
    ).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
    });
  });
});

describe('CloudWatch', () => {
  it('lists alarms in JSON, page by page and by state', async () => {
    const client = new CloudWatchClient(options('eu-central-1', await assume(harbour)));
    const pages = await all(paginateDescribeAlarms({ client }, {}));
    expect(pages.map((page) => page.MetricAlarms?.length)).toEqual([2, 2]);
    const ringing = await client.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
    expect(ringing.MetricAlarms).toMatchObject([
      {
        AlarmName: 'cpu-high',
        StateValue: 'ALARM',
        Threshold: 90,
        Dimensions: [{ Name: 'InstanceId', Value: webServer }],
      },
    ]);
    expect(ringing.MetricAlarms?.[0]?.StateUpdatedTimestamp?.toISOString()).toMatch(/^2\d{3}-/u);
  });

  it('says the same in the query protocol, which older clients speak', async () => {
    const { protocol } = new RDSClient(options('eu-central-1')).config as unknown as { protocol: object };
    const config = { ...options('eu-central-1', await assume(harbour)), protocol: protocol.constructor as never };
    const pages = await all(
      paginateDescribeAlarms({ client: new CloudWatchClient(config) }, { AlarmNamePrefix: 'cpu-' }),
    );
    expect(pages.flatMap((page) => page.MetricAlarms ?? [])).toMatchObject([
      {
        AlarmName: 'cpu-high',
        StateValue: 'ALARM',
        Threshold: 90,
        Dimensions: [{ Name: 'InstanceId', Value: webServer }],
      },
      { AlarmName: 'cpu-low', StateValue: 'OK' },
    ]);
    const refused = new CloudWatchClient(config).send(new DescribeAlarmsCommand({ NextToken: 'x' }));
    await expect(refused).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });

  it('refuses a page token that it did not give', async () => {
    const client = new CloudWatchClient(options('eu-central-1', await assume(harbour)));
    await expect(client.send(new DescribeAlarmsCommand({ NextToken: 'x' }))).rejects.toMatchObject({
      name: 'InvalidNextToken',
    });
  });
});

describe('limits and faults', () => {
  it.each([
    [
      'ec2',
      'RequestLimitExceeded',
      async () => new EC2Client(options('eu-west-1')).send(new DescribeRegionsCommand({})),
    ],
    [
      's3',
      'SlowDown',
      async () => new S3Client({ ...options('us-east-1'), forcePathStyle: true }).send(new ListBucketsCommand({})),
    ],
    ['sts', 'Throttling', async () => new STSClient(options('us-east-1')).send(new GetCallerIdentityCommand({}))],
    ['rds', 'Throttling', async () => new RDSClient(options('us-east-1')).send(new DescribeDBInstancesCommand({}))],
    [
      'monitoring',
      'Throttling',
      async () => new CloudWatchClient(options('us-east-1')).send(new DescribeAlarmsCommand({})),
    ],
    [
      'organizations',
      'TooManyRequestsException',
      async () => new OrganizationsClient(options('us-east-1')).send(new ListAccountsCommand({})),
    ],
  ])('%s says %s when it is asked too much, and then answers again', async (service, name, ask) => {
    aws.throttle(service, 1);
    await expect(ask()).rejects.toMatchObject({ name });
    await expect(ask()).resolves.toBeDefined();
    aws.fail(service, 1);
    await expect(ask()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  });
});
