import { defineAction, field, NotSupported, PermissionMissing, scopeOf, type ActionPlan } from '@bailiwick/sdk';
import { row, rows, type NinjaContext, type Row } from './api.ts';
import { instance } from './connection.ts';
import { nameOf } from './inventory.ts';

const onDevice = { effect: 'execute', grain: 'scope', target: 'device', idempotency: 'none' } as const;

export const runScript = defineAction(instance, {
  name: 'run-script',
  label: 'Run script',
  ...onDevice,
  input: {
    target: field.entity('device'),
    script: field.text({ help: 'Its name in NinjaOne.', max: 200 }),
    parameters: field.text({ default: '' }),
    runAs: field.text({ help: 'A credential role of NinjaOne.', default: 'system', max: 100 }),
  },
  async plan(ctx, { target, script, parameters, runAs }) {
    const device = await ownDevice(ctx, target);
    const { name } = await findScript(ctx, target, script);
    return planOn(device, `runs “${String(name)}” as ${runAs} (${parameters || 'no parameters'})`, 'none');
  },
  async apply(ctx, { target, script, parameters, runAs }) {
    await ownDevice(ctx, target);
    const { type, id, uid } = await findScript(ctx, target, script);
    const json = { type, id, uid, runAs, parameters };
    await ctx.http.request(`device/${target}/script/run`, { method: 'POST', json });
    return { summary: 'NinjaOne runs the script.' };
  },
});

export const reboot = defineAction(instance, {
  name: 'reboot',
  label: 'Reboot',
  ...onDevice,
  input: {
    target: field.entity('device'),
    mode: field.choice(['normal', 'forced'], { help: 'Forced does not wait for programs.', default: 'normal' }),
    reason: field.text({ default: 'Asked for in Bailiwick', max: 300 }),
  },
  async plan(ctx, { target, mode }) {
    return planOn(await ownDevice(ctx, target), `restarts (${mode})`, 'outage');
  },
  async apply(ctx, { target, mode, reason }) {
    await ownDevice(ctx, target);
    await ctx.http.request(`device/${target}/reboot/${mode.toUpperCase()}`, { method: 'POST', json: { reason } });
    return { summary: 'NinjaOne restarts the device.' };
  },
});

function planOn(device: Row, to: string, disruption: ActionPlan['disruption']): ActionPlan {
  const [what, affected] = [nameOf(device), [{ entity: 'device', id: String(device['id']) }]];
  return { summary: `${what} ${to}`, changes: [{ what, to }], affected, isReversible: false, disruption };
}

/** The one script, or built-in action, of this name that the device can run. */
async function findScript(ctx: NinjaContext, device: string, name: string): Promise<Row> {
  const { scripts } = row(await ctx.http.get(`device/${device}/scripting/options`));
  const [found, another] = rows(scripts).filter((one) => one['name'] === name);
  if (found !== undefined && another === undefined) return found;
  throw new NotSupported(`The device can run ${found === undefined ? 'no' : 'more than one'} script of this name.`);
}

/** The device, if it is one of the organisation that this call is bound to. */
async function ownDevice(ctx: NinjaContext, id: string): Promise<Row> {
  const answer = await ctx.http.request(`device/${encodeURIComponent(id)}`, { accept: [404] });
  if (answer.status === 404) throw new NotSupported('NinjaOne does not have this device any more.');
  const device = row(answer.json());
  if (String(device['organizationId']) === scopeOf(ctx).id && String(device['id']) === id) return device;
  throw new PermissionMissing('The device belongs to another organisation.');
}
