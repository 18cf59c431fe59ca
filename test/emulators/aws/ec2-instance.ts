import { AwsError } from './errors.ts';
import { type Instance, stateCodes } from './world.ts';
import { element, list, text } from './xml.ts';

/** A filter of DescribeInstances: any of the values, `*` and `?` as wildcards. */
export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

function isLike(value: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/gu, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(value);
}

function valuesOf(instance: Instance, name: string): readonly string[] {
  if (name.startsWith('tag:')) {
    const value = instance.tags.get(name.slice(4));
    return value === undefined ? [] : [value];
  }
  switch (name) {
    case 'tag-key':
      return [...instance.tags.keys()];
    case 'instance-id':
      return [instance.id];
    case 'instance-state-name':
      return [instance.state];
    case 'instance-state-code':
      return [String(stateCodes[instance.state])];
    case 'instance-type':
      return [instance.type];
    case 'private-ip-address':
      return [instance.privateIp];
    case 'ip-address':
      return instance.publicIp === undefined ? [] : [instance.publicIp];
    case 'availability-zone':
      return [`${instance.region}a`];
    default:
      throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  }
}

/** Whether an instance passes a filter. */
export function matches(instance: Instance, filter: Filter): boolean {
  const values = valuesOf(instance, filter.name);
  return filter.values.some((wanted) => values.some((value) => isLike(value, wanted)));
}

/** A reservation with this one instance (`Reservation`, `Instance` in the EC2 API reference). */
export function describeInstance(instance: Instance, ownerId: string): string {
  const suffix = instance.id.slice(2, 10);
  const privateName = `ip-${instance.privateIp.replaceAll('.', '-')}.${instance.region}.compute.internal`;
  const tags = [...instance.tags].map(([key, value]) => text('key', key) + text('value', value));
  const details = [
    text('instanceId', instance.id),
    text('imageId', `ami-${suffix}`),
    element('instanceState', text('code', stateCodes[instance.state]), text('name', instance.state)),
    text('privateDnsName', privateName),
    text(
      'dnsName',
      instance.publicIp === undefined
        ? ''
        : `ec2-${instance.publicIp.replaceAll('.', '-')}.${instance.region}.compute.amazonaws.com`,
    ),
    text('reason', ''),
    text('amiLaunchIndex', 0),
    element('productCodes'),
    text('instanceType', instance.type),
    text('launchTime', instance.launchedAt),
    element(
      'placement',
      text('availabilityZone', `${instance.region}a`),
      text('groupName', ''),
      text('tenancy', 'default'),
    ),
    text('platform', instance.isWindows ? 'windows' : undefined),
    text('platformDetails', instance.isWindows ? 'Windows' : 'Linux/UNIX'),
    element('monitoring', text('state', 'disabled')),
    text('subnetId', `subnet-${suffix}`),
    text('vpcId', `vpc-${suffix}`),
    text('privateIpAddress', instance.privateIp),
    text('ipAddress', instance.publicIp),
    text('architecture', 'x86_64'),
    text('rootDeviceType', 'ebs'),
    text('rootDeviceName', '/dev/xvda'),
    text('virtualizationType', 'hvm'),
    text('hypervisor', 'xen'),
    list('tagSet', 'item', tags),
    element('cpuOptions', text('coreCount', 1), text('threadsPerCore', 2)),
  ].join('');
  return [
    text('reservationId', `r-${instance.id.slice(2)}`),
    text('ownerId', ownerId),
    element('groupSet'),
    list('instancesSet', 'item', [details]),
  ].join('');
}
