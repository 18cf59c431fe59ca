import {
  defineAction,
  defineConnection,
  definePlugin,
  defineStream,
  defineWebhook,
  field,
  paginate,
  scopeOf,
} from '@bailiwick/sdk';

interface Device {
  readonly id: number | string;
  readonly name: string;
}

interface Alert {
  readonly id: number | string;
  readonly title: string;
  readonly openedAt: string;
}

const account = defineConnection({
  name: 'account',
  label: 'Acme account',
  config: { key: field.secret(), signingKey: field.secret() },
  baseUrl: 'https://api.acme.example/v1/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  async check(ctx) {
    const me = await ctx.http.get<{ email: string }>('me');
    return { account: me.email };
  },
  async *discoverScopes(ctx) {
    const { items } = await ctx.http.get<{ items: readonly { id: string; name: string }[] }>('sites');
    yield items.map(({ id, name }) => ({ id, name, kind: 'site' }));
  },
});

const devices = defineStream(account, {
  name: 'devices',
  label: 'Devices',
  entity: 'device',
  mode: 'full',
  grain: 'scope',
  every: 'PT15M',
  async *read(ctx) {
    const path = `sites/${scopeOf(ctx).id}/devices`;
    const pages = paginate(undefined, async (page: number | undefined) => {
      const body = await ctx.http.get<{ items: readonly Device[]; next?: number }>(path, { query: { page } });
      return { items: body.items, next: body.next };
    });
    for await (const { items } of pages) {
      yield { upserts: items.map(({ id, name }) => ({ id: String(id), data: { name } })) };
    }
  },
});

function toRecord({ id, title, openedAt }: Alert) {
  return { id: String(id), data: { title, openedAt, severity: 'warning', state: 'open' } } as const;
}

const alerts = defineStream(account, {
  name: 'alerts',
  label: 'Alerts',
  entity: 'alert',
  mode: 'incremental',
  grain: 'scope',
  every: 'PT1M',
  async *read(ctx, cursor) {
    const path = `sites/${scopeOf(ctx).id}/alerts`;
    let after = typeof cursor === 'number' ? cursor : 0;
    for (;;) {
      const { items, last } = await ctx.http.get<{ items: readonly Alert[]; last: number }>(path, { query: { after } });
      if (items.length === 0 || last <= after) return;
      after = last;
      yield { upserts: items.map(toRecord), cursor: last };
    }
  },
});

const rename = defineAction(account, {
  name: 'rename',
  label: 'Rename',
  input: { target: field.entity('device'), name: field.text() },
  effect: 'update',
  grain: 'scope',
  target: 'device',
  idempotency: 'natural',
  async plan(ctx, { target, name }) {
    const device = await ctx.http.get<Device>(`sites/${scopeOf(ctx).id}/devices/${target}`);
    return {
      summary: `Rename ${device.name}`,
      changes: [{ what: 'Name', from: device.name, to: name }],
      affected: [{ entity: 'device', id: target }],
      isReversible: true,
      disruption: 'none',
    };
  },
  async apply(ctx, { target, name }) {
    await ctx.http.request(`sites/${scopeOf(ctx).id}/devices/${target}`, { method: 'PUT', json: { name } });
    return { summary: `It is called ${name}.` };
  },
  async verify(ctx, { target, name }) {
    const device = await ctx.http.get<Device>(`sites/${scopeOf(ctx).id}/devices/${target}`);
    return { holds: device.name === name };
  },
});

const newAlerts = defineWebhook(account, {
  name: 'new-alerts',
  label: 'New alerts',
  setUp: 'Add {url} at Acme under Settings → Webhooks.',
  verify: {
    kind: 'hmac',
    algorithm: 'sha256',
    secret: '{secret.signingKey}',
    header: 'x-acme-signature',
    encoding: 'hex',
    signed: '{header.x-acme-time}.{body}',
    timestamp: { header: 'x-acme-time', toleranceSeconds: 300 },
  },
  route: ({ json }) => (json as { site?: string } | null)?.site ?? null,
  async handle(_ctx, { json }) {
    const { alert } = (json ?? {}) as { alert?: Alert };
    return alert === undefined ? { nudge: ['alerts'] } : { batches: { alerts: { upserts: [toRecord(alert)] } } };
  },
});

export default definePlugin({
  connections: [account],
  streams: [devices, alerts],
  actions: [rename],
  webhooks: [newAlerts],
});
