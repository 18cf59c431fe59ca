import { type Action, defineAction, field, NotSupported, PermissionMissing, scopeOf } from '@bailiwick/sdk';
import { call, line, type ZabbixContext } from './api.ts';
import type { config } from './config.ts';
import { server } from './connection.ts';
import { type Problem, readProblems } from './problems.ts';
import { placeHosts, placeOf } from './scopes.ts';

// The bits of event.acknowledge.
const bits = { close: 1, acknowledge: 2, message: 4, unacknowledge: 16 };

const input = {
  target: field.entity('alert', { label: 'Problem' }),
  message: field.multiline({ label: 'Message', optional: true, max: 900 }),
};

export const acknowledge = defineAction(server, {
  name: 'acknowledge',
  label: 'Acknowledge',
  help: 'Marks the problem as acknowledged in Zabbix, with a message that the people there read.',
  ...change(bits.acknowledge, 'acknowledged', ({ acknowledged }) => acknowledged === '1'),
  async undo(ctx, { target }) {
    await update(ctx, target, bits.unacknowledge);
    return { summary: 'No longer acknowledged in Zabbix.' };
  },
});

export const close = defineAction(server, {
  name: 'close',
  label: 'Close',
  help: 'Closes the problem in Zabbix by hand, where its trigger allows that; it takes Zabbix a few seconds.',
  ...change(bits.close, 'closed', ({ r_eventid }) => r_eventid !== '0'),
});

/** What the two have in common: both put one mark on a problem. */
function change(
  bit: number,
  mark: string,
  isMarked: (problem: Problem) => boolean,
): Omit<Action<typeof config, typeof input>, 'name' | 'label'> {
  return {
    input,
    effect: 'update',
    grain: 'scope',
    target: 'alert',
    idempotency: 'natural',
    async plan(ctx, { target, message }) {
      const problem = await readOwnProblem(ctx, target);
      const [name, isDone] = [line(problem.name, 300) ?? target, isMarked(problem)];
      if (bit === bits.close && !isDone && problem.relatedObject.manual_close !== '1')
        throw new NotSupported('The trigger of this problem does not allow manual close.');
      const marking = isDone ? [] : [{ what: name, from: `not ${mark}`, to: mark }];
      return {
        summary: `“${name}” ${isDone ? 'is already' : 'becomes'} ${mark} in Zabbix`,
        changes: [...marking, ...(message === undefined ? [] : [{ what: 'Message', to: message }])],
        affected: [{ entity: 'alert', id: target }],
        isReversible: bit === bits.acknowledge,
        disruption: 'none',
      };
    },
    async apply(ctx, { target, message }, { actor, plan }) {
      if (plan.changes.length > 0) await update(ctx, target, bit, message && `${message}\n${actor} (Bailiwick)`);
      return { summary: plan.summary };
    },
    async verify(ctx, { target }) {
      return { holds: isMarked(await readOwnProblem(ctx, target)) };
    },
  };
}

/** Acknowledges a problem of the scope that this call is bound to, once; one that Zabbix has forgotten needs nobody. */
export async function acknowledgeOwn(ctx: ZabbixContext, eventId: string, message: string): Promise<void> {
  const problem = await findOwnProblem(ctx, eventId);
  if (problem !== undefined && problem.acknowledged !== '1') await mark(ctx, eventId, bits.acknowledge, message);
}

/** The problem, if it is one of the scope that this call is bound to. */
async function readOwnProblem(ctx: ZabbixContext, eventId: string): Promise<Problem> {
  const problem = await findOwnProblem(ctx, eventId);
  if (problem === undefined) throw new NotSupported('Zabbix does not have this problem any more.');
  return problem;
}

async function findOwnProblem(ctx: ZabbixContext, eventId: string): Promise<Problem | undefined> {
  const [problem] = /^\d{1,20}$/u.test(eventId) ? await readProblems(ctx, [eventId]) : [];
  if (problem === undefined) return undefined;
  const hostids = problem.hosts.map(({ hostid }) => hostid);
  if (placeOf(problem.hosts, await placeHosts(ctx, hostids))?.scope !== scopeOf(ctx).id)
    throw new PermissionMissing('The problem is on a host of another host group.');
  return problem;
}

async function update(ctx: ZabbixContext, target: string, bit: number, message?: string): Promise<void> {
  await readOwnProblem(ctx, target);
  await mark(ctx, target, bit, message);
}

async function mark(ctx: ZabbixContext, target: string, bit: number, message?: string): Promise<void> {
  const text = message === undefined ? {} : { message };
  const action = bit + (message === undefined ? 0 : bits.message);
  await call(ctx, 'event.acknowledge', { eventids: [target], action, ...text }, {});
}
