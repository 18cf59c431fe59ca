import { defineConnection, definePlugin, defineStream, field, paginate, scopeOf } from '@bailiwick/sdk';

interface Site {
  readonly id: string;
  readonly name: string;
}

interface Device {
  readonly id: number;
  readonly hostname: string;
  readonly serial: string;
  readonly seenAt: string;
}

const account = defineConnection({
  name: 'api-key',
  label: 'Vendor account',
  help: 'Make an API key at the vendor under Settings → API.',
  config: { key: field.secret({ label: 'API key' }) },
  baseUrl: 'https://api.vendor.example/v1/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'x-api-key', value: '{secret.key}' }] },
  async check(ctx) {
    const me = await ctx.http.get<{ email: string }>('me');
    return { account: me.email };
  },
  async *discoverScopes(ctx) {
    const { items } = await ctx.http.get<{ items: readonly Site[] }>('sites');
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
    const path = `sites/${encodeURIComponent(scopeOf(ctx).id)}/devices`;
    const pages = paginate(undefined, async (page: number | undefined) => {
      const body = await ctx.http.get<{ items: readonly Device[]; next?: number }>(path, { query: { page } });
      return { items: body.items, next: body.next };
    });
    for await (const { items } of pages) {
      yield {
        upserts: items.map(({ id, hostname, serial, seenAt }) => ({
          id: String(id),
          data: { name: hostname, serialNumber: serial },
          observed: { seenAt },
        })),
      };
    }
  },
});

export default definePlugin({ connections: [account], streams: [devices] });
