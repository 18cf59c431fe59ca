import { defineStream, scopeOf, type EntityData, type RecordUpsert } from '@bailiwick/sdk';
import { getObject, homeRegion, query, regionsOf, type AwsContext } from './api.ts';
import { organization } from './connection.ts';
import { listInstances, tagsOf, type Instance } from './instances.ts';
import { list, parseXml, textOf, type Xml } from './xml.ts';

type Resources = readonly RecordUpsert<'cloudResource'>[];

export const resources = defineStream(organization, {
  name: 'resources',
  label: 'Instances, databases and buckets',
  entity: 'cloudResource',
  mode: 'full',
  grain: 'scope',
  every: 'PT30M',
  async *read(ctx) {
    for (const region of await regionsOf(ctx)) {
      for await (const page of listInstances(ctx, region)) yield { upserts: page.map(toResource) };
      for await (const upserts of listDatabases(ctx, region)) yield { upserts };
    }
    for await (const upserts of listBuckets(ctx)) yield { upserts };
  },
});

export const devices = defineStream(organization, {
  name: 'devices',
  label: 'Instances as devices',
  entity: 'device',
  mode: 'full',
  grain: 'scope',
  every: 'PT30M',
  async *read(ctx) {
    for (const region of await regionsOf(ctx))
      for await (const page of listInstances(ctx, region))
        yield { upserts: page.map((instance) => ({ id: instance.arn, data: toDevice(instance) })) };
  },
});

function toResource({ arn, name, region, state, tags, xml }: Instance): RecordUpsert<'cloudResource'> {
  const properties = known({
    instanceType: textOf(xml, 'instanceType'),
    imageId: textOf(xml, 'imageId'),
    platform: textOf(xml, 'platformDetails'),
    availabilityZone: textOf(xml, 'placement', 'availabilityZone'),
    networkId: textOf(xml, 'vpcId'),
    launchedAt: textOf(xml, 'launchTime'),
  });
  return { id: arn, data: { name, service: 'ec2', type: 'instance', region, state, device: arn, properties, tags } };
}

function toDevice({ name, state, xml }: Instance): EntityData<'device'> {
  const interfaces = list(xml, 'networkInterfaceSet', 'item');
  const addresses = [textOf(xml, 'privateIpAddress'), textOf(xml, 'ipAddress')];
  return {
    name,
    kind: 'cloud',
    fqdn: textOf(xml, 'privateDnsName'),
    vendor: 'Amazon Web Services',
    model: textOf(xml, 'instanceType'),
    macAddresses: interfaces.flatMap((one) => textOf(one, 'macAddress') ?? []),
    ipAddresses: addresses.filter((address) => address !== undefined),
    osFamily: textOf(xml, 'platform')?.toLowerCase() === 'windows' ? 'windows' : 'linux',
    osName: textOf(xml, 'platformDetails'),
    state,
  };
}

async function* listDatabases(ctx: AwsContext, region: string): AsyncGenerator<Resources> {
  for (let marker: string | undefined; ;) {
    const answer = await query(ctx, 'rds', region, {
      Action: 'DescribeDBInstances',
      MaxRecords: '100',
      ...(marker === undefined ? {} : { Marker: marker }),
    });
    yield list(answer, 'DescribeDBInstancesResult', 'DBInstances', 'DBInstance').flatMap((database) =>
      toDatabase(database, region),
    );
    marker = textOf(answer, 'DescribeDBInstancesResult', 'Marker');
    if (marker === undefined) return;
  }
}

function toDatabase(database: Xml, region: string): Resources {
  const [id, name] = [textOf(database, 'DBInstanceArn'), textOf(database, 'DBInstanceIdentifier')];
  if (id === undefined || name === undefined) return [];
  const properties = known({
    instanceClass: textOf(database, 'DBInstanceClass'),
    engine: textOf(database, 'Engine'),
    engineVersion: textOf(database, 'EngineVersion'),
    storageGib: textOf(database, 'AllocatedStorage'),
    address: textOf(database, 'Endpoint', 'Address'),
    isMultiZone: textOf(database, 'MultiAZ'),
    isPublic: textOf(database, 'PubliclyAccessible'),
    isEncrypted: textOf(database, 'StorageEncrypted'),
  });
  const state = textOf(database, 'DBInstanceStatus');
  const tags = tagsOf(list(database, 'TagList', 'Tag'));
  return [{ id, data: { name, service: 'rds', type: 'database', region, state, properties, tags } }];
}

async function* listBuckets(ctx: AwsContext): AsyncGenerator<Resources> {
  for (let token: string | undefined; ;) {
    // S3 tells a bucket's region only where a page size is asked for.
    const answer = await getObject(ctx, homeRegion, '', {
      query: { 'max-buckets': 1000, 'continuation-token': token },
    });
    const result = answer === undefined ? undefined : parseXml(answer.text());
    yield list(result, 'Buckets', 'Bucket').flatMap((bucket) => toBucket(ctx, bucket));
    token = textOf(result, 'ContinuationToken');
    if (token === undefined) return;
  }
}

function toBucket(ctx: AwsContext, bucket: Xml): Resources {
  const [name, region] = [textOf(bucket, 'Name'), textOf(bucket, 'BucketRegion')];
  if (name === undefined) return [];
  const properties = known({ createdAt: textOf(bucket, 'CreationDate'), account: scopeOf(ctx).id });
  return [{ id: `arn:aws:s3:::${name}`, data: { name, service: 's3', type: 'bucket', region, properties } }];
}

function known(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
