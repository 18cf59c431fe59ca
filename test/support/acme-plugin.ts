import { startFakeVendor, type FakeVendor, type VendorAnswer, type VendorRequest } from './test-plugin.ts';

/** A plugin with sites, devices and alerts, as an RMM or a monitoring tool has them. */
export const ACME_SOURCE = `
import { defineAction, defineConnection, definePlugin, defineStream, defineSubscriber, defineView, defineWebhook, field, scopeOf } from '@bailiwick/sdk';

const account = defineConnection({
  name: 'account',
  label: 'Acme account',
  help: 'In Acme, open Settings, API keys, and make one that may read.',
  config: {
    url: field.url({ label: 'Address', help: 'Where your Acme server answers.' }),
    key: field.secret({ label: 'API key' }),
  },
  baseUrl: '{config.url}/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  async check(ctx) {
    const me = await ctx.http.get('me');
    return { account: me.name };
  },
  async *discoverScopes(ctx) {
    yield await ctx.http.get('sites');
  },
});

const devices = defineStream(account, {
  name: 'devices', label: 'Devices', entity: 'device', mode: 'full', grain: 'scope', every: 'PT5M',
  async *read(ctx) {
    yield { upserts: await ctx.http.get('sites/' + scopeOf(ctx).id + '/devices') };
  },
});

const alerts = defineStream(account, {
  name: 'alerts', label: 'Alerts', entity: 'alert', mode: 'full', grain: 'scope', every: 'PT5M',
  async *read(ctx) {
    yield { upserts: await ctx.http.get('sites/' + scopeOf(ctx).id + '/alerts') };
  },
});

const reboot = defineAction(account, {
  name: 'reboot', label: 'Reboot', help: 'Restarts the device at once.',
  input: { target: field.entity('device', { label: 'Device' }), reason: field.text({ label: 'Reason', max: 200 }) },
  effect: 'execute', grain: 'scope', target: 'device', idempotency: 'none',
  async plan(ctx, input) {
    const device = await ctx.http.get('devices/' + input.target);
    return {
      summary: 'Reboot ' + device.name,
      changes: [{ what: device.name, from: device.state, to: 'restarted' }],
      affected: [{ entity: 'device', id: input.target }],
      isReversible: false,
      disruption: 'outage',
    };
  },
  async apply(ctx, input) {
    await ctx.http.request('devices/' + input.target + '/reboot', { method: 'POST', json: { reason: input.reason } });
    return { summary: 'Acme restarts the device.' };
  },
});

const acknowledge = defineAction(account, {
  name: 'acknowledge', label: 'Acknowledge', help: 'Tells Acme that somebody looks after it.',
  input: { target: field.entity('alert', { label: 'Alert' }) },
  effect: 'update', grain: 'scope', target: 'alert', idempotency: 'natural',
  async plan(ctx, input) {
    return {
      summary: 'Acknowledge ' + input.target,
      changes: [{ what: 'State', from: 'open', to: 'acknowledged' }],
      affected: [{ entity: 'alert', id: input.target }],
      isReversible: false,
      disruption: 'none',
    };
  },
  async apply(ctx, input) {
    await ctx.http.post('acknowledged', { alert: input.target });
    return { summary: 'Acme shows it as acknowledged.' };
  },
});

const label = defineAction(account, {
  name: 'label', label: 'Label', help: 'A word that Acme shows beside the device.',
  input: { target: field.entity('device', { label: 'Device' }), label: field.text({ label: 'Label', max: 40 }) },
  effect: 'delete', grain: 'scope', target: 'device', idempotency: 'natural',
  async plan(ctx, input) {
    const device = await ctx.http.get('devices/' + input.target);
    return {
      summary: 'Label ' + device.name + ' as ' + input.label,
      changes: [{ what: 'Label', from: device.label, to: input.label }],
      affected: [{ entity: 'device', id: input.target }],
      isReversible: true,
      disruption: 'none',
    };
  },
  async apply(ctx, input) {
    await ctx.http.post('devices/' + input.target + '/label', { label: input.label });
    return { summary: 'The old label is gone.' };
  },
  async verify(ctx, input) {
    return { holds: (await ctx.http.get('devices/' + input.target)).label === input.label };
  },
  async undo(ctx, input) {
    await ctx.http.post('devices/' + input.target + '/label', { label: 'none' });
    return { summary: 'The label is gone again.' };
  },
});

const changes = defineWebhook(account, {
  name: 'changes', label: 'Changes of devices', setUp: 'In Acme, open Settings, Webhooks, and add {url}.',
  verify: { kind: 'hmac', header: 'x-acme-signature', algorithm: 'sha256', encoding: 'hex', secret: '{secret.key}', signed: '{body}' },
  route: (delivery) => delivery.json.site ?? null,
  async handle(ctx, delivery) {
    return { batches: { devices: { upserts: [{ id: delivery.json.device, data: { name: delivery.json.device, kind: 'server', state: delivery.json.state } }] } } };
  },
});

const notes = defineSubscriber(account, {
  name: 'notes', label: 'Notes at Acme', events: ['alert.acknowledged'],
  async handle(ctx, event) { await ctx.http.post('notes', { name: event.name }); },
});

const overview = defineView(account, {
  name: 'overview', label: 'Acme', slot: 'client.tab/v1',
  async render(ctx) {
    const listed = await ctx.http.get('sites/' + scopeOf(ctx).id + '/devices');
    return [
      { kind: 'heading', text: 'Acme at this client' },
      { kind: 'stats', items: [{ label: 'Devices', value: String(listed.length), tone: 'good', hint: 'That Acme watches' }] },
      {
        kind: 'table', title: 'Devices', columns: [{ label: 'Name' }, { label: 'State' }],
        rows: listed.map((device) => [{ entity: 'device', id: device.id, text: device.data.name }, { text: device.data.state, tone: 'good' }]),
      },
      { kind: 'timeline', title: 'Lately', items: [{ at: '2026-01-01T08:00:00Z', text: 'Acme was updated', tone: 'neutral' }] },
      {
        kind: 'chart', title: 'Load', unit: '%',
        series: [{ label: 'Mean', points: [['2026-01-01T08:00:00Z', 10], ['2026-01-01T09:00:00Z', null], ['2026-01-01T10:00:00Z', 40]] }],
      },
      ...(listed.length === 0 ? [] : [{ kind: 'action-button', action: 'reboot', label: 'Reboot the first', input: { target: listed[0].id, reason: 'It hangs' } }]),
    ];
  },
});

export default definePlugin({
  connections: [account], streams: [devices, alerts], actions: [reboot, label, acknowledge],
  webhooks: [changes], subscribers: [notes], views: [overview],
});
`;

/** What the packed file says of itself. */
export const ACME_CAPABILITIES = {
  records: ['device', 'alert'],
  actions: 'execute',
  webhooks: true,
  events: ['alert.acknowledged'],
  views: ['client.tab/v1'],
} as const;

interface AcmeSite {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly hints?: { readonly domains: readonly string[] };
}

/** The vendor of that plugin. What it holds may be changed by the test. */
export interface AcmeVendor extends FakeVendor {
  /** What it takes as the API key; changed, the old one is refused. */
  key: string;
  readonly sites: AcmeSite[];
  /** Names of devices by site. */
  readonly devices: Map<string, string[]>;
  /** Titles of open alerts by device. */
  readonly alerts: Map<string, string>;
  /** What people wrote on devices. */
  readonly labels: Map<string, string>;
}

type AcmeState = Pick<AcmeVendor, 'key' | 'sites' | 'devices' | 'alerts' | 'labels'>;

/** Starts it on this machine's loopback. */
export async function startAcmeVendor(): Promise<AcmeVendor> {
  const state = {
    key: 'k3y-9f8e7d6c5b4a',
    sites: [] as AcmeSite[],
    devices: new Map<string, string[]>(),
    alerts: new Map<string, string>(),
    labels: new Map<string, string>(),
  };
  const vendor = await startFakeVendor((request) => answer(state, request));
  return Object.assign(state, vendor);
}

const OPENED_AT = '2026-01-05T07:30:00Z';

function answer(state: AcmeState, { path, headers, body }: VendorRequest): VendorAnswer {
  if (headers['x-api-key'] !== state.key) return { status: 401, json: { error: 'unknown key' } };
  if (path === '/me') return { json: { name: 'ops@northgate.example' } };
  if (path === '/sites') return { json: state.sites };
  if (path === '/acknowledged' || path === '/notes') return { json: {} };
  const [, kind = '', id = '', part = ''] = path.split('/');
  if (kind === 'devices') return answerDevice(state, id, part, body);
  const names = state.devices.get(id) ?? [];
  if (part === 'devices')
    return { json: names.map((name) => ({ id: name, data: { name, kind: 'server', state: 'running' } })) };
  const titles = names.flatMap((name) => ({ name, title: state.alerts.get(name) }));
  return {
    json: titles
      .filter(({ title }) => title !== undefined)
      .map(({ name, title }) => ({
        id: `alert-${name}`,
        data: { device: name, title, severity: 'warning', state: 'open', openedAt: OPENED_AT },
      })),
  };
}

function answerDevice(state: AcmeState, id: string, part: string, body: string): VendorAnswer {
  if (part === '') return { json: { id, name: id, state: 'running', label: state.labels.get(id) ?? 'none' } };
  if (part === 'label') state.labels.set(id, (JSON.parse(body) as { label: string }).label);
  return { json: {} };
}
