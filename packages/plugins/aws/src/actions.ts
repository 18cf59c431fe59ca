import { defineAction, field, NotSupported, type ActionPlan, type ActionResult } from '@bailiwick/sdk';
import { query, type AwsContext } from './api.ts';
import { organization } from './connection.ts';
import { ownInstance, type Instance } from './instances.ts';

const power = {
  start: { call: 'StartInstances', from: 'stopped', to: 'running', meanwhile: 'pending' },
  stop: { call: 'StopInstances', from: 'running', to: 'stopped', meanwhile: 'stopping' },
} as const;
type Power = (typeof power)[keyof typeof power];

const onDevice = { grain: 'scope', target: 'device', idempotency: 'natural' } as const;

export const start = defineAction(organization, {
  name: 'start',
  label: 'Start',
  help: 'Starts a stopped EC2 instance.',
  input: { target: field.entity('device', { label: 'Instance' }) },
  effect: 'execute',
  ...onDevice,
  async plan(ctx, { target }) {
    return planPower(await ownInstance(ctx, target), 'Start', power.start, 'none');
  },
  async apply(ctx, { target }, { plan }) {
    return applyPower(ctx, target, power.start, plan);
  },
  verify: (ctx, { target }) => verifyPower(ctx, target, power.start),
  async undo(ctx, { target }) {
    return applyPower(ctx, target, power.stop);
  },
});

export const stop = defineAction(organization, {
  name: 'stop',
  label: 'Stop',
  help: 'Stops a running EC2 instance; what it keeps only in its instance store is lost.',
  input: { target: field.entity('device', { label: 'Instance' }) },
  effect: 'execute',
  ...onDevice,
  async plan(ctx, { target }) {
    return planPower(await ownInstance(ctx, target), 'Stop', power.stop, 'outage');
  },
  async apply(ctx, { target }, { plan }) {
    return applyPower(ctx, target, power.stop, plan);
  },
  verify: (ctx, { target }) => verifyPower(ctx, target, power.stop),
  async undo(ctx, { target }) {
    return applyPower(ctx, target, power.start);
  },
});

export const tag = defineAction(organization, {
  name: 'tag',
  label: 'Tag',
  help: 'Sets one tag of an EC2 instance.',
  input: {
    target: field.entity('device', { label: 'Instance' }),
    // AWS keeps names that begin with aws: for itself.
    key: field.text({ label: 'Name', max: 128, pattern: '(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}' }),
    value: field.text({ label: 'Value', max: 256, default: '' }),
  },
  output: { before: field.text({ optional: true, max: 256 }) },
  effect: 'update',
  ...onDevice,
  async plan(ctx, { target, key, value }) {
    const instance = await ownInstance(ctx, target);
    const before = instance.tags[key];
    const change = { what: `Tag ${key} of ${instance.name}`, to: value };
    return {
      summary: `Set the tag ${key} of ${instance.name} to “${value}”`,
      changes: before === value ? [] : [before === undefined ? change : { ...change, from: before }],
      affected: [{ entity: 'device', id: target }],
      isReversible: true,
      disruption: 'none',
    };
  },
  async apply(ctx, { target, key, value }, { plan }) {
    const before = plan.changes[0]?.from;
    await writeTag(ctx, await ownInstance(ctx, target), 'CreateTags', key, value);
    return { summary: 'The tag is set.', ...(before === undefined ? {} : { output: { before } }) };
  },
  async verify(ctx, { target, key, value }) {
    return { holds: (await ownInstance(ctx, target)).tags[key] === value };
  },
  async undo(ctx, { target, key }, { output }) {
    const before = output?.['before'];
    const instance = await ownInstance(ctx, target);
    if (typeof before === 'string') await writeTag(ctx, instance, 'CreateTags', key, before);
    else await writeTag(ctx, instance, 'DeleteTags', key);
    return { summary: 'The tag is as it was.' };
  },
});

function planPower(instance: Instance, verb: string, wanted: Power, disruption: ActionPlan['disruption']): ActionPlan {
  const { name, state, arn } = instance;
  const isDone = state === wanted.to || state === wanted.meanwhile;
  if (!isDone && state !== wanted.from) throw new NotSupported(`${name} is ${state}: wait until it is ${wanted.from}.`);
  return {
    summary: isDone ? `${name} is already ${state}` : `${verb} ${name}`,
    changes: isDone ? [] : [{ what: name, from: state, to: wanted.to }],
    affected: [{ entity: 'device', id: arn }],
    isReversible: true,
    disruption,
  };
}

async function applyPower(ctx: AwsContext, target: string, wanted: Power, plan?: ActionPlan): Promise<ActionResult> {
  if (plan?.changes.length === 0) return { summary: 'Nothing was to be done.' };
  const { id, region } = await ownInstance(ctx, target);
  await query(ctx, 'ec2', region, { Action: wanted.call, 'InstanceId.1': id }, true);
  return { summary: `AWS says that it will be ${wanted.to}.` };
}

async function verifyPower(ctx: AwsContext, target: string, wanted: Power) {
  const { state } = await ownInstance(ctx, target);
  return state === wanted.to ? { holds: true } : { holds: false, detail: `It is ${state}.` };
}

async function writeTag(ctx: AwsContext, { id, region }: Instance, call: string, key: string, value?: string) {
  const parameters = { Action: call, 'ResourceId.1': id, 'Tag.1.Key': key };
  await query(ctx, 'ec2', region, value === undefined ? parameters : { ...parameters, 'Tag.1.Value': value }, true);
}
