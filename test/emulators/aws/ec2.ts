import { type Call, listName } from './call.ts';
import { describeInstance, matches } from './ec2-instance.ts';
import { AwsError } from './errors.ts';
import type { Parameters } from './parameters.ts';
import { type Instance, optInRegion, regions, stateCodes } from './world.ts';
import { document, element, list, text } from './xml.ts';

const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';
/** Tags that one resource may have ("Tag your Amazon EC2 resources", tag restrictions). */
const tagLimit = 50;

/** Amazon EC2, API version 2016-11-15: instances, their state and their tags. */
export class Ec2 {
  readonly #settleMs: number;

  /** `settleMs`: how long an instance stays `pending` or `stopping`. */
  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  describeRegions(_call: Call, parameters: Parameters, requestId: string): string {
    const names = [...regions, ...(parameters.flag('AllRegions') ? [optInRegion] : [])];
    const items = names.map((name) =>
      [
        text('regionName', name),
        text('regionEndpoint', `ec2.${name}.amazonaws.com`),
        text('optInStatus', name === optInRegion ? 'not-opted-in' : 'opt-in-not-required'),
      ].join(''),
    );
    return this.#answer('DescribeRegions', requestId, list('regionInfo', 'item', items));
  }

  describeInstances(call: Call, parameters: Parameters, requestId: string): string {
    const ids = parameters.list('InstanceId');
    const asked = parameters.get('MaxResults');
    if (ids.length > 0 && asked !== undefined) {
      throw new AwsError(
        'InvalidParameterCombination',
        'The parameter instancesSet cannot be used with the parameter maxResults',
      );
    }
    const filters = parameters
      .structures('Filter')
      .map((filter) => ({ name: filter.need('Name'), values: filter.list('Value') }));
    const wanted = ids.length > 0 ? this.#byIds(call, ids) : this.#all(call);
    const found = wanted.filter((one) => filters.every((filter) => matches(one, filter)));
    const size = parameters.count('MaxResults', { min: 5, max: 1000, fallback: 1000 });
    const question = listName(call, 'DescribeInstances', JSON.stringify(filters), ids.join());
    // Without MaxResults, EC2 answers with everything at once.
    const page =
      asked === undefined && parameters.get('NextToken') === undefined
        ? { items: found, next: undefined }
        : call.pages.page(found, question, parameters.get('NextToken'), size);
    if (page === undefined) throw new AwsError('InvalidNextToken', 'The specified next token is not valid.');
    const reservations = page.items.map((one) => describeInstance(one, call.account.id));
    return this.#answer(
      'DescribeInstances',
      requestId,
      list('reservationSet', 'item', reservations),
      text('nextToken', page.next),
    );
  }

  startInstances(call: Call, parameters: Parameters, requestId: string): string {
    return this.#change(call, parameters, { action: 'StartInstances', from: 'stopped', via: 'pending', requestId });
  }

  stopInstances(call: Call, parameters: Parameters, requestId: string): string {
    return this.#change(call, parameters, { action: 'StopInstances', from: 'running', via: 'stopping', requestId });
  }

  createTags(call: Call, parameters: Parameters, requestId: string): string {
    const ids = parameters.list('ResourceId');
    const tags = parameters.structures('Tag').map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? ''] as const);
    if (ids.length === 0)
      throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet');
    if (tags.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter tagSet');
    for (const [key, value] of tags) this.#checkTag(key, value);
    const resources = this.#byIds(call, ids);
    for (const one of resources) {
      if (new Set([...one.tags.keys(), ...tags.map(([key]) => key)]).size > tagLimit)
        throw new AwsError(
          'TagLimitExceeded',
          `You have reached the maximum number of tags allowed for the resource '${one.id}'.`,
        );
    }
    this.#refuseDryRun(parameters);
    for (const one of resources) for (const [key, value] of tags) one.tags.set(key, value);
    return this.#answer('CreateTags', requestId, text('return', true));
  }

  /** A tag that is given with a value goes only where it has that value. */
  deleteTags(call: Call, parameters: Parameters, requestId: string): string {
    const ids = parameters.list('ResourceId');
    if (ids.length === 0)
      throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet');
    const tags = parameters.structures('Tag').map((tag) => [tag.get('Key') ?? '', tag.get('Value')] as const);
    for (const [key] of tags) this.#checkTag(key, '');
    const resources = this.#byIds(call, ids);
    this.#refuseDryRun(parameters);
    for (const one of resources)
      for (const [key, value] of tags) if (value === undefined || one.tags.get(key) === value) one.tags.delete(key);
    return this.#answer('DeleteTags', requestId, text('return', true));
  }

  #change(
    call: Call,
    parameters: Parameters,
    change: { action: string; from: 'running' | 'stopped'; via: 'pending' | 'stopping'; requestId: string },
  ): string {
    const ids = parameters.list('InstanceId');
    if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
    const instances = this.#byIds(call, ids);
    const stuck = instances.find(
      (one) => one.state === 'terminated' || (change.from === 'stopped' && one.state === 'stopping'),
    );
    if (stuck !== undefined) {
      const message = `The instance '${stuck.id}' is not in a state from which it can be ${change.from === 'stopped' ? 'started' : 'stopped'}.`;
      throw new AwsError('IncorrectInstanceState', message);
    }
    this.#refuseDryRun(parameters);
    const changes = instances.map((one) => {
      const previous = one.state;
      if (previous === change.from) {
        one.state = change.via;
        one.settlesAt = call.now.add({ milliseconds: this.#settleMs });
      }
      const state = (name: string, value: keyof typeof stateCodes) =>
        element(name, text('code', stateCodes[value]), text('name', value));
      return text('instanceId', one.id) + state('currentState', one.state) + state('previousState', previous);
    });
    return this.#answer(change.action, change.requestId, list('instancesSet', 'item', changes));
  }

  #checkTag(key: string, value: string): void {
    if (key.toLowerCase().startsWith('aws:')) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
      );
    }
    if (key.length < 1 || key.length > 128) {
      throw new AwsError('InvalidParameterValue', 'Tag keys must be between 1 and 128 characters in length.');
    }
    if (value.length > 256)
      throw new AwsError('InvalidParameterValue', 'Tag value exceeds the maximum length of 256 characters');
  }

  #refuseDryRun(parameters: Parameters): void {
    if (parameters.flag('DryRun'))
      throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  }

  #byIds(call: Call, ids: readonly string[]): readonly Instance[] {
    const all = this.#all(call);
    return ids.map((id) => {
      if (!/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/u.test(id))
        throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
      const found = all.find((one) => one.id === id);
      if (found === undefined)
        throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
      return found;
    });
  }

  #all(call: Call): readonly Instance[] {
    const here = call.account.instances.filter((one) => one.region === call.region);
    for (const one of here) {
      if (one.settlesAt === undefined || Temporal.Instant.compare(call.now, one.settlesAt) < 0) continue;
      one.state = one.state === 'pending' ? 'running' : 'stopped';
      one.settlesAt = undefined;
    }
    return here;
  }

  #answer(action: string, requestId: string, ...result: readonly string[]): string {
    return document(`${action}Response`, namespace, text('requestId', requestId), ...result);
  }
}
