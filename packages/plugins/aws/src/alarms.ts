import { defineStream, scopeOf, VendorBug, type RecordUpsert } from '@bailiwick/sdk';
import { callJson, line, regionsOf, type AwsContext } from './api.ts';
import { organization } from './connection.ts';

type Alarm = Readonly<Record<string, unknown>>;

export const alarms = defineStream(organization, {
  name: 'alarms',
  label: 'CloudWatch alarms',
  entity: 'alert',
  // Only alarms that ring are asked for: what is no longer among them ended.
  mode: 'full',
  comesAndGoes: true,
  grain: 'scope',
  every: 'PT5M',
  async *read(ctx) {
    for (const region of await regionsOf(ctx))
      for await (const page of listAlarms(ctx, region))
        yield { upserts: page.flatMap((alarm) => toAlert(ctx, region, alarm)) };
  },
});

async function* listAlarms(ctx: AwsContext, region: string): AsyncGenerator<readonly Alarm[]> {
  for (let token: string | undefined; ;) {
    const input = { StateValue: 'ALARM', MaxRecords: 100, ...(token === undefined ? {} : { NextToken: token }) };
    const target = 'GraniteServiceVersion20100801.DescribeAlarms';
    const { MetricAlarms = [], NextToken } = await callJson(ctx, 'monitoring', region, target, input);
    if (!Array.isArray(MetricAlarms)) throw new VendorBug('The list of alarms is no list.');
    yield MetricAlarms;
    token = typeof NextToken === 'string' ? NextToken : undefined;
    if (token === undefined) return;
  }
}

/** One record for each time that an alarm rings: its id is the alarm's with the time since when it does. */
function toAlert(ctx: AwsContext, region: string, alarm: Alarm): RecordUpsert<'alert'>[] {
  const arn = line(alarm['AlarmArn'], 400);
  const openedAt = instant(alarm['StateTransitionedTimestamp']) ?? instant(alarm['StateUpdatedTimestamp']);
  if (arn === undefined || openedAt === undefined) return [];
  const instanceId = dimensionsOf(alarm)['InstanceId'];
  const account = scopeOf(ctx).id;
  const data = {
    device: instanceId === undefined ? undefined : `arn:aws:ec2:${region}:${account}:instance/${instanceId}`,
    title: line(alarm['AlarmName']) ?? 'Alarm',
    message: line(alarm['StateReason'], 10_000),
    // CloudWatch knows no severities.
    severity: 'warning',
    state: 'open',
    openedAt,
    labels: { region, metric: line(alarm['MetricName']) ?? '', namespace: line(alarm['Namespace']) ?? '' },
  } as const;
  return [{ id: `${arn} ${openedAt}`, data }];
}

function dimensionsOf(alarm: Alarm): Record<string, string> {
  const dimensions: unknown = alarm['Dimensions'];
  if (!Array.isArray(dimensions)) return {};
  return Object.fromEntries(dimensions.map((one: Alarm) => [String(one['Name']), String(one['Value'])]));
}

/** In this protocol a time is a number of seconds since 1970. */
function instant(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number' || !(seconds > 0)) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(Math.round(seconds * 1000)).toString();
}
