import { NotSupported, PermissionMissing, scopeOf } from '@bailiwick/sdk';
import { line, query, type AwsContext } from './api.ts';
import { list, textOf, type Xml } from './xml.ts';

/** An EC2 instance. */
export interface Instance {
  readonly arn: string;
  readonly id: string;
  readonly region: string;
  readonly name: string;
  /** pending, running, shutting-down, terminated, stopping or stopped. */
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly xml: Xml;
}

/** The pages of a region's instances; those that were terminated an hour ago or less are still in AWS's list, not in this one. */
export async function* listInstances(ctx: AwsContext, region: string): AsyncGenerator<readonly Instance[]> {
  for (let token: string | undefined; ;) {
    const answer = await query(ctx, 'ec2', region, {
      Action: 'DescribeInstances',
      MaxResults: '500',
      ...(token === undefined ? {} : { NextToken: token }),
    });
    yield instancesIn(ctx, region, answer).filter(({ state }) => state !== 'terminated');
    token = textOf(answer, 'nextToken');
    if (token === undefined) return;
  }
}

/** The instance that a person chose, if it is one of the account that this call is bound to. */
export async function ownInstance(ctx: AwsContext, arn: string): Promise<Instance> {
  const [, region, account, id] = /^arn:aws:ec2:([a-z0-9-]+):(\d{12}):instance\/(i-[0-9a-f]+)$/u.exec(arn) ?? [];
  if (region === undefined || id === undefined) throw new NotSupported('Only EC2 instances can be changed.');
  if (account !== scopeOf(ctx).id) throw new PermissionMissing('The instance belongs to another account.');
  const answer = await query(ctx, 'ec2', region, { Action: 'DescribeInstances', 'InstanceId.1': id });
  const [instance] = instancesIn(ctx, region, answer);
  if (instance === undefined) throw new NotSupported('AWS does not have this instance any more.');
  return instance;
}

/** Tags as AWS lists them: `key` and `value` at EC2, `Key` and `Value` elsewhere. */
export function tagsOf(items: readonly Xml[]): Record<string, string> {
  const pairs = items.map((item) => [
    textOf(item, 'key') ?? textOf(item, 'Key') ?? '',
    textOf(item, 'value') ?? textOf(item, 'Value') ?? '',
  ]);
  return Object.fromEntries(pairs);
}

function instancesIn(ctx: AwsContext, region: string, answer: Xml): Instance[] {
  const account = scopeOf(ctx).id;
  return list(answer, 'reservationSet', 'item').flatMap((reservation) =>
    list(reservation, 'instancesSet', 'item').flatMap((xml) => {
      const id = textOf(xml, 'instanceId');
      if (id === undefined) return [];
      const tags = tagsOf(list(xml, 'tagSet', 'item'));
      const state = textOf(xml, 'instanceState', 'name') ?? 'unknown';
      const arn = `arn:aws:ec2:${region}:${account}:instance/${id}`;
      return [{ arn, id, region, name: line(tags['Name'], 253) ?? id, state, tags, xml }];
    }),
  );
}
