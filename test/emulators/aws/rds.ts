import { type Call, listName } from './call.ts';
import { AwsError } from './errors.ts';
import type { Parameters } from './parameters.ts';
import type { DbInstance } from './world.ts';
import { document, element, list, text } from './xml.ts';

const namespace = 'http://rds.amazonaws.com/doc/2014-10-31/';

function arnOf(database: DbInstance, accountId: string): string {
  return `arn:aws:rds:${database.region}:${accountId}:db:${database.name}`;
}

function describe(database: DbInstance, accountId: string): string {
  const tags = [...database.tags].map(([key, value]) => text('Key', key) + text('Value', value));
  const address = `${database.name}.c9akciq32.${database.region}.rds.amazonaws.com`;
  return [
    text('DBInstanceIdentifier', database.name),
    text('DBInstanceClass', database.class),
    text('Engine', database.engine),
    text('DBInstanceStatus', database.status),
    text('MasterUsername', 'admin'),
    element('Endpoint', text('Address', address), text('Port', 5432)),
    text('AllocatedStorage', database.storageGb),
    text('InstanceCreateTime', '2026-02-11T10:00:00.000Z'),
    text('BackupRetentionPeriod', 7),
    text('AvailabilityZone', `${database.region}b`),
    text('MultiAZ', false),
    text('EngineVersion', database.engineVersion),
    text('AutoMinorVersionUpgrade', true),
    text('PubliclyAccessible', database.isPublic),
    text('StorageType', 'gp3'),
    text('StorageEncrypted', true),
    text('DbiResourceId', `db-${database.name.toUpperCase().replaceAll('-', '')}RESOURCE`),
    text('DBInstanceArn', arnOf(database, accountId)),
    list('TagList', 'Tag', tags),
    text('DeletionProtection', false),
  ].join('');
}

/** Amazon RDS, API version 2014-10-31: database instances. */
export class Rds {
  describeDbInstances(call: Call, parameters: Parameters, requestId: string): string {
    const id = parameters.get('DBInstanceIdentifier');
    const filters = parameters
      .structures('Filters.Filter')
      .map((filter) => ({ name: filter.need('Name'), values: filter.list('Values.Value') }));
    const here = call.account.databases.filter((database) => database.region === call.region);
    const wanted = here.filter(
      (database) =>
        (id === undefined || this.#hasName(database, id, call.account.id)) &&
        filters.every((filter) => this.#matches(database, filter, call.account.id)),
    );
    if (id !== undefined && wanted.length === 0)
      throw new AwsError('DBInstanceNotFound', `DBInstance ${id} not found.`, 404);
    const size = parameters.count('MaxRecords', { min: 20, max: 100, fallback: 100 });
    const question = listName(call, 'DescribeDBInstances', id ?? '', JSON.stringify(filters));
    const page = call.pages.page(wanted, question, parameters.get('Marker'), size);
    if (page === undefined) throw new AwsError('InvalidParameterValue', 'The marker is not valid.');
    const entries = page.items.map((database) => describe(database, call.account.id));
    const result = element(
      'DescribeDBInstancesResult',
      list('DBInstances', 'DBInstance', entries),
      text('Marker', page.next),
    );
    return document(
      'DescribeDBInstancesResponse',
      namespace,
      result,
      element('ResponseMetadata', text('RequestId', requestId)),
    );
  }

  #hasName(database: DbInstance, name: string, accountId: string): boolean {
    return database.name === name.toLowerCase() || arnOf(database, accountId) === name;
  }

  #matches(database: DbInstance, filter: { name: string; values: readonly string[] }, accountId: string): boolean {
    switch (filter.name) {
      case 'db-instance-id':
        return filter.values.some((value) => this.#hasName(database, value, accountId));
      case 'engine':
        return filter.values.includes(database.engine);
      default:
        throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${filter.name}`);
    }
  }
}
