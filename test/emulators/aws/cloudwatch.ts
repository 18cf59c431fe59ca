import { type Call, listName } from './call.ts';
import { AwsError } from './errors.ts';
import type { Parameters } from './parameters.ts';
import type { Alarm } from './world.ts';
import { document, element, list, text } from './xml.ts';

const namespace = 'http://monitoring.amazonaws.com/doc/2010-08-01/';

interface AlarmQuestion {
  readonly names: readonly string[];
  readonly prefix: string | undefined;
  readonly state: string | undefined;
  /** Without it, only metric alarms are listed. */
  readonly types: readonly string[];
}

interface AlarmPage {
  readonly alarms: readonly Alarm[];
  readonly next: string | undefined;
}

function arnOf(alarm: Alarm, accountId: string): string {
  return `arn:aws:cloudwatch:${alarm.region}:${accountId}:alarm:${alarm.name}`;
}

/** Amazon CloudWatch, API version 2010-08-01, in the query protocol and in JSON 1.0: metric alarms. */
export class CloudWatch {
  /** The answer of the query protocol. */
  describeAlarmsXml(call: Call, parameters: Parameters, requestId: string): string {
    const question: AlarmQuestion = {
      names: parameters.list('AlarmNames.member'),
      prefix: parameters.get('AlarmNamePrefix'),
      state: parameters.get('StateValue'),
      types: parameters.list('AlarmTypes.member'),
    };
    const size = parameters.count('MaxRecords', { min: 1, max: 100, fallback: 50 });
    const page = this.#page(call, question, parameters.get('NextToken'), size);
    const entries = page.alarms.map((alarm) => this.#xml(alarm, call.account.id));
    const result = element(
      'DescribeAlarmsResult',
      list('MetricAlarms', 'member', entries),
      list('CompositeAlarms', 'member', []),
      text('NextToken', page.next),
    );
    return document(
      'DescribeAlarmsResponse',
      namespace,
      result,
      element('ResponseMetadata', text('RequestId', requestId)),
    );
  }

  /** The answer of the JSON protocol. */
  describeAlarmsJson(call: Call, input: Readonly<Record<string, unknown>>): unknown {
    const texts = (name: string) => (Array.isArray(input[name]) ? input[name].map(String) : []);
    const one = (name: string) => (typeof input[name] === 'string' ? input[name] : undefined);
    const size = input['MaxRecords'] ?? 50;
    if (typeof size !== 'number' || size < 1 || size > 100) {
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value at 'maxRecords' must be between 1 and 100`,
      );
    }
    const question = {
      names: texts('AlarmNames'),
      prefix: one('AlarmNamePrefix'),
      state: one('StateValue'),
      types: texts('AlarmTypes'),
    };
    const page = this.#page(call, question, one('NextToken'), size);
    return {
      MetricAlarms: page.alarms.map((alarm) => this.#json(alarm, call.account.id)),
      CompositeAlarms: [],
      ...(page.next === undefined ? {} : { NextToken: page.next }),
    };
  }

  #page(call: Call, question: AlarmQuestion, token: string | undefined, size: number): AlarmPage {
    if (question.names.length > 0 && question.prefix !== undefined) {
      throw new AwsError('ValidationError', 'AlarmNames and AlarmNamePrefix may not be used together.');
    }
    if (question.state !== undefined && !['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(question.state)) {
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value '${question.state}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]`,
      );
    }
    const hasMetricAlarms = question.types.length === 0 || question.types.includes('MetricAlarm');
    const found = call.account.alarms.filter(
      (alarm) =>
        hasMetricAlarms &&
        alarm.region === call.region &&
        (question.names.length === 0 || question.names.includes(alarm.name)) &&
        alarm.name.startsWith(question.prefix ?? '') &&
        (question.state === undefined || alarm.state === question.state),
    );
    const page = call.pages.page(found, listName(call, 'DescribeAlarms', JSON.stringify(question)), token, size);
    if (page === undefined) throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
    return { alarms: page.items, next: page.next };
  }

  #json(alarm: Alarm, accountId: string): unknown {
    const updated = alarm.updatedAt.epochMilliseconds / 1000;
    return {
      AlarmName: alarm.name,
      AlarmArn: arnOf(alarm, accountId),
      AlarmDescription: `${alarm.metric} of ${alarm.dimension[1]}`,
      AlarmConfigurationUpdatedTimestamp: updated,
      ActionsEnabled: true,
      StateValue: alarm.state,
      StateReason: alarm.reason,
      StateUpdatedTimestamp: updated,
      MetricName: alarm.metric,
      Namespace: alarm.namespace,
      Statistic: 'Average',
      Dimensions: [{ Name: alarm.dimension[0], Value: alarm.dimension[1] }],
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 90,
      ComparisonOperator: 'GreaterThanThreshold',
    };
  }

  #xml(alarm: Alarm, accountId: string): string {
    const dimension = text('Name', alarm.dimension[0]) + text('Value', alarm.dimension[1]);
    return [
      text('AlarmName', alarm.name),
      text('AlarmArn', arnOf(alarm, accountId)),
      text('AlarmDescription', `${alarm.metric} of ${alarm.dimension[1]}`),
      text('AlarmConfigurationUpdatedTimestamp', alarm.updatedAt.toString({ smallestUnit: 'millisecond' })),
      text('ActionsEnabled', true),
      text('StateValue', alarm.state),
      text('StateReason', alarm.reason),
      text('StateUpdatedTimestamp', alarm.updatedAt.toString({ smallestUnit: 'millisecond' })),
      text('MetricName', alarm.metric),
      text('Namespace', alarm.namespace),
      text('Statistic', 'Average'),
      list('Dimensions', 'member', [dimension]),
      text('Period', 300),
      text('EvaluationPeriods', 1),
      text('Threshold', '90.0'),
      text('ComparisonOperator', 'GreaterThanThreshold'),
    ].join('');
  }
}
