import {
  defineAction,
  defineConfig,
  defineConnection,
  definePlugin,
  defineStream,
  defineWebhook,
  field,
  NotSupported,
  paginate,
  scopeOf,
  type Context,
} from '@bailiwick/sdk';

type Id = string | number;

interface Device {
  readonly id: Id;
  readonly organizationId: Id;
  readonly hostname: string;
  readonly serial: string | null;
  readonly smbios: string | null;
  readonly macs: readonly string[];
  readonly os: string;
  readonly lastSeen: string;
}

interface Patch {
  readonly id: Id;
  readonly deviceId: Id;
  readonly title: string;
  readonly kb: string | null;
  readonly state: 'missing' | 'installed' | 'failed';
}

const instance = defineConnection({
  name: 'instance',
  label: 'Helm instance',
  config: defineConfig({
    url: field.url({ label: 'Address', example: 'https://eu.helm.example' }),
    clientId: field.text({ label: 'Client ID', max: 100 }),
    clientSecret: field.secret({ label: 'Client secret' }),
    signingSecret: field.secret({ label: 'Signing secret of the webhook', optional: true }),
  }),
  baseUrl: '{config.url}/api/',
  auth: {
    kind: 'oauth2-client',
    tokenUrl: '{config.url}/oauth/token',
    clientId: '{config.clientId}',
    clientSecret: '{secret.clientSecret}',
  },
  limits: [{ per: 'connection', requests: 240, seconds: 60, concurrency: 4 }],
  async check(ctx) {
    const { name } = await ctx.http.get<{ name: string }>('instance');
    return { account: `${ctx.config.clientId} at ${name}` };
  },
  async *discoverScopes(ctx) {
    const { items } = await ctx.http.get<{ items: readonly { id: Id; name: string; serials: readonly string[] }[] }>(
      'organizations',
    );
    yield items.map(({ id, name, serials }) => ({
      id: String(id),
      name,
      kind: 'organisation',
      hints: { deviceSerials: serials },
    }));
  },
});

const devices = defineStream(instance, {
  name: 'devices',
  label: 'Devices',
  entity: 'device',
  mode: 'full',
  // The vendor's quota is per account: one walk over all devices, and each says whose it is.
  grain: 'connection',
  every: 'PT15M',
  async *read(ctx) {
    const pages = paginate(undefined, async (after: string | undefined) => {
      const { items, more } = await ctx.http.get<{ items: readonly Device[]; more: boolean }>('devices', {
        query: { after, limit: 500 },
      });
      const last = items.at(-1);
      return { items, next: more && last !== undefined ? String(last.id) : undefined };
    });
    for await (const { items } of pages) yield { upserts: items.map(toDevice) };
  },
});

function toDevice({ id, organizationId, hostname, serial, smbios, macs, os, lastSeen }: Device) {
  return {
    id: String(id),
    scope: String(organizationId),
    data: {
      name: hostname,
      osName: os,
      macAddresses: macs,
      isManaged: true,
      ...(serial === null ? {} : { serialNumber: serial }),
      ...(smbios === null ? {} : { smbiosUuid: smbios }),
    },
    // Changes at every read: kept, and no change of the device.
    observed: { lastSeen },
  };
}

const patches = defineStream(instance, {
  name: 'patches',
  label: 'Patches',
  entity: 'patch',
  mode: 'full',
  grain: 'scope',
  every: 'PT12H',
  async *read(ctx) {
    const pages = paginate(undefined, async (page: number | undefined) => {
      const path = `organizations/${scopeOf(ctx).id}/patches`;
      const { items, next } = await ctx.http.get<{ items: readonly Patch[]; next?: number }>(path, { query: { page } });
      return { items, next };
    });
    for await (const { items } of pages) {
      yield {
        upserts: items.map(({ id, deviceId, title, kb, state }) => ({
          // A patch is one thing on each device: the vendor's id alone is not unique.
          id: `${deviceId}/${id}`,
          data: { device: String(deviceId), name: title, state, ...(kb === null ? {} : { identifier: kb }) },
        })),
      };
    }
  },
});

/** The device, if it is the bound organisation's: the vendor's path has no organisation in it, so the plugin looks. */
async function ownDevice(ctx: Pick<Context, 'scope' | 'http'>, id: string): Promise<Device> {
  const answer = await ctx.http.request(`devices/${encodeURIComponent(id)}`, { accept: [404] });
  const device = answer.status === 404 ? undefined : answer.json<Device>();
  if (device !== undefined && String(device.organizationId) === scopeOf(ctx).id) return device;
  throw new NotSupported('This organisation has no such device any more.');
}

const runScript = defineAction(instance, {
  name: 'run-script',
  label: 'Run script',
  input: { target: field.entity('device'), script: field.text({ help: 'Its name in Helm.', max: 100 }) },
  effect: 'execute',
  grain: 'scope',
  target: 'device',
  // Nobody knows whether a script that was sent has run: it is never sent again.
  idempotency: 'none',
  async plan(ctx, { target, script }) {
    const { hostname } = await ownDevice(ctx, target);
    const { version } = await findScript(ctx, script);
    return {
      summary: `Run “${script}” (version ${version}) on ${hostname}`,
      changes: [{ what: hostname, to: `runs “${script}”, version ${version}` }],
      affected: [{ entity: 'device', id: target }],
      isReversible: false,
      disruption: 'brief',
    };
  },
  async apply(ctx, { target, script }) {
    await ownDevice(ctx, target);
    const { id } = await findScript(ctx, script);
    await ctx.http.post(`devices/${encodeURIComponent(target)}/scripts`, { script: id });
    return { summary: 'Helm runs the script.' };
  },
});

async function findScript(ctx: Pick<Context, 'http'>, name: string): Promise<{ id: Id; version: number }> {
  const { items } = await ctx.http.get<{ items: readonly { id: Id; name: string; version: number }[] }>('scripts');
  const found = items.find((one) => one.name === name);
  if (found === undefined) throw new NotSupported('Helm has no script of this name.');
  return found;
}

const changed = defineWebhook(instance, {
  name: 'changed',
  label: 'Devices as they change',
  setUp: 'In Helm open Integrations → Webhooks, add {url} and copy its signing secret into this connection.',
  verify: { kind: 'standard-webhooks', secret: '{secret.signingSecret}' },
  handle: async () => ({ nudge: ['devices'] }),
});

export default definePlugin({
  connections: [instance],
  streams: [devices, patches],
  actions: [runScript],
  webhooks: [changed],
});
