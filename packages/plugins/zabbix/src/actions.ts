import { defineAction, field, NotSupported, PermissionMissing, scopeOf } from '@bailiwick/sdk';
import { call, type ZabbixContext } from './api.ts';
import { server } from './connection.ts';
import { type Problem, readProblems } from './problems.ts';
import { placeHosts, placeOf } from './scopes.ts';

// The bits of event.acknowledge.
const bits = { close: 1, acknowledge: 2, message: 4, unacknowledge: 16 };

const input = {
  target: field.entity('alert', { label: 'Problem' }),
  message: field.multiline({ label: 'Message', optional: true, max: 2000 }),
};

export const acknowledge = defineAction(server, {
  name: 'acknowledge',
  label: 'Acknowledge',
  help: 'Marks the problem as acknowledged in Zabbix, with a message that the people there read.',
  input,
  effect: 'update',
  grain: 'scope',
  target: 'alert',
  idempotency: 'natural',
  async plan(ctx, { target, message }) {
    const problem = await readOwnProblem(ctx, target);
    const isDone = problem.acknowledged === '1';
    return {
      summary: isDone ? `“${problem.name}” is already acknowledged` : `Acknowledge “${problem.name}” in Zabbix`,
      changes: [
        ...(isDone ? [] : [{ what: problem.name, from: 'not acknowledged', to: 'acknowledged' }]),
        ...(message === undefined ? [] : [{ what: 'Message', to: message }]),
      ],
      affected: [{ entity: 'alert', id: target }],
      isReversible: true,
      disruption: 'none',
    };
  },
  async apply(ctx, { target, message }, { actor }) {
    await update(ctx, target, bits.acknowledge, message, actor);
    return { summary: 'Acknowledged in Zabbix.' };
  },
  async verify(ctx, { target }) {
    return { holds: (await readOwnProblem(ctx, target)).acknowledged === '1' };
  },
  async undo(ctx, { target }) {
    await update(ctx, target, bits.unacknowledge);
    return { summary: 'No longer acknowledged in Zabbix.' };
  },
});

export const close = defineAction(server, {
  name: 'close',
  label: 'Close',
  help: 'Closes the problem in Zabbix by hand, where its trigger allows that.',
  input,
  effect: 'update',
  grain: 'scope',
  target: 'alert',
  idempotency: 'natural',
  async plan(ctx, { target, message }) {
    const problem = await readOwnProblem(ctx, target);
    const isDone = problem.r_eventid !== '0';
    if (!isDone && problem.relatedObject.manual_close !== '1')
      throw new NotSupported('The trigger of this problem does not allow manual close.');
    return {
      summary: isDone ? `“${problem.name}” is already closed` : `Close “${problem.name}” in Zabbix`,
      changes: [
        ...(isDone ? [] : [{ what: problem.name, from: 'open', to: 'closed' }]),
        ...(message === undefined ? [] : [{ what: 'Message', to: message }]),
      ],
      affected: [{ entity: 'alert', id: target }],
      isReversible: false,
      disruption: 'none',
    };
  },
  async apply(ctx, { target, message }, { actor, plan }) {
    if (plan.changes.length > 0) await update(ctx, target, bits.close, message, actor);
    return { summary: 'Asked Zabbix to close it.' };
  },
  async verify(ctx, { target }) {
    const holds = (await readOwnProblem(ctx, target)).r_eventid !== '0';
    return holds ? { holds } : { holds, detail: 'The Zabbix server closes it within a few seconds.' };
  },
});

/** The problem, if it is one of the scope that this call is bound to. */
async function readOwnProblem(ctx: ZabbixContext, eventId: string): Promise<Problem> {
  const [problem] = /^\d{1,20}$/u.test(eventId) ? await readProblems(ctx, [eventId]) : [];
  if (problem === undefined) throw new NotSupported('Zabbix does not have this problem any more.');
  const placed = await placeHosts(
    ctx,
    problem.hosts.map(({ hostid }) => hostid),
  );
  if (placeOf(problem.hosts, placed)?.scope !== scopeOf(ctx).id)
    throw new PermissionMissing('The problem is on a host of another host group.');
  return problem;
}

async function update(
  ctx: ZabbixContext,
  target: string,
  action: number,
  message?: string,
  actor?: string,
): Promise<void> {
  await readOwnProblem(ctx, target);
  const text = message === undefined ? {} : { message: `${message}\n${actor ?? ''} (Bailiwick)`.slice(0, 2048) };
  const params = { eventids: [target], action: action + (message === undefined ? 0 : bits.message), ...text };
  await call(ctx, 'event.acknowledge', params, {});
}
