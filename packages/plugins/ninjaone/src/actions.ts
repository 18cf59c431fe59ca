import { defineAction, field, NotSupported, PermissionMissing, scopeOf, type ActionPlan } from '@bailiwick/sdk';
import { row, rows, type NinjaContext, type Row } from './api.ts';
import { instance } from './connection.ts';
import { nameOf } from './inventory.ts';

const onDevice = { effect: 'execute', grain: 'scope', target: 'device', idempotency: 'none' } as const;

export const runScript = defineAction(instance, {
  ...{ name: 'run-script', label: 'Run script', ...onDevice },
  input: {
    target: field.entity('device'),
    script: field.text({ options: 'scripts', pattern: '\\d{1,10}' }),
    parameters: field.text({ default: '' }),
    runAs: field.text({ help: 'A credential role of NinjaOne.', default: 'system', max: 100 }),
  },
  async plan(ctx, { target, script, parameters, runAs }) {
    const device = await ownDevice(ctx, target);
    const scripts = rows(await ctx.http.get('automation/scripts'));
    const found = scripts.find(({ id, active }) => String(id) === script && active !== false);
    if (found === undefined) throw new NotSupported('NinjaOne has no active script of this number.');
    return planOn(device, `runs “${String(found['name'])}” as ${runAs} (${parameters || 'no parameters'})`, 'none');
  },
  async apply(ctx, { target, script, parameters, runAs }) {
    await ownDevice(ctx, target);
    const json = { type: 'SCRIPT', id: Number(script), runAs, parameters };
    await ctx.http.request(`device/${target}/script/run`, { method: 'POST', json });
    return { summary: 'NinjaOne runs the script.' };
  },
});

export const reboot = defineAction(instance, {
  ...{ name: 'reboot', label: 'Reboot', ...onDevice },
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

/** The device, if it is one of the organisation that this call is bound to. */
async function ownDevice(ctx: NinjaContext, id: string): Promise<Row> {
  const answer = await ctx.http.request(`device/${encodeURIComponent(id)}`, { accept: [404] });
  if (answer.status === 404) throw new NotSupported('NinjaOne does not have this device any more.');
  const device = row(answer.json());
  if (String(device['organizationId']) === scopeOf(ctx).id && String(device['id']) === id) return device;
  throw new PermissionMissing('The device belongs to another organisation.');
}
