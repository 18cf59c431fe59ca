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
  type ConfigOf,
  type Context,
} from '@bailiwick/sdk';

type Id = string | number;

interface Host {
  readonly id: Id;
  readonly name: string;
  readonly serial: string | null;
  readonly macs: readonly string[];
  readonly checks: readonly { readonly id: Id; readonly name: string; readonly state: 'ok' | 'warning' | 'critical' }[];
}

interface Problem {
  readonly id: Id;
  readonly hostId: Id;
  readonly title: string;
  readonly level: 'info' | 'warning' | 'critical';
  readonly openedAt: string;
  readonly endedAt: string | null;
  readonly acknowledgedBy: string | null;
}

const config = defineConfig({
  url: field.url({ label: 'Address', example: 'https://vigil.example.net' }),
  token: field.secret({ label: 'API token' }),
  webhookSecret: field.secret({ label: 'Signing secret of the webhook', optional: true }),
});

const server = defineConnection({
  name: 'server',
  label: 'Vigil server',
  config,
  baseUrl: '{config.url}/api/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'authorization', value: 'Bearer {secret.token}' }] },
  limits: [{ per: 'connection', requests: 300, seconds: 60, concurrency: 4 }],
  async check(ctx) {
    const me = await ctx.http.get<{ name: string; version: string }>('me');
    return { account: `${me.name} at Vigil ${me.version}` };
  },
  async *discoverScopes(ctx) {
    const { items } = await ctx.http.get<{ items: readonly { id: Id; name: string; serials: string[] }[] }>('groups');
    yield items.map(({ id, name, serials }) => ({
      id: String(id),
      name,
      kind: 'customer-group',
      hints: { deviceSerials: serials },
    }));
  },
});

const groupPath = (ctx: Pick<Context, 'scope'>): string => `groups/${encodeURIComponent(scopeOf(ctx).id)}`;

async function* readHosts(ctx: Context<ConfigOf<typeof config>>) {
  const pages = paginate(undefined, async (page: number | undefined) => {
    const body = await ctx.http.get<{ items: readonly Host[]; next?: number }>(`${groupPath(ctx)}/hosts`, {
      query: { page },
    });
    return { items: body.items, next: body.next };
  });
  for await (const { items } of pages) yield items;
}

const hosts = defineStream(server, {
  name: 'hosts',
  label: 'Hosts',
  entity: 'device',
  mode: 'full',
  grain: 'scope',
  every: 'PT15M',
  async *read(ctx) {
    for await (const items of readHosts(ctx)) {
      yield {
        upserts: items.map(({ id, name, serial, macs }) => ({
          id: String(id),
          data: { name, macAddresses: macs, ...(serial === null ? {} : { serialNumber: serial }) },
        })),
      };
    }
  },
});

const checks = defineStream(server, {
  name: 'checks',
  label: 'Checks',
  entity: 'check',
  mode: 'full',
  grain: 'scope',
  every: 'PT5M',
  async *read(ctx) {
    for await (const items of readHosts(ctx)) {
      yield {
        upserts: items.flatMap((host) =>
          host.checks.map(({ id, name, state }) => ({
            id: `${host.id}/${id}`,
            data: { device: String(host.id), name, state },
          })),
        ),
      };
    }
  },
});

const problems = defineStream(server, {
  name: 'problems',
  label: 'Problems',
  entity: 'alert',
  mode: 'incremental',
  grain: 'scope',
  every: 'PT2M',
  async *read(ctx, cursor) {
    let position = typeof cursor === 'string' ? cursor : undefined;
    const pages = paginate(position, async (after: string | undefined) => {
      const path = `${groupPath(ctx)}/problems/changes`;
      const body = await ctx.http.get<{ items: readonly Problem[]; position: string; more: boolean }>(path, {
        query: { after },
      });
      position = body.position;
      return { items: body.items, next: body.more ? body.position : undefined };
    });
    // The position goes with its page: stopped here, the next pass goes on after the records that were written.
    for await (const { items } of pages) yield { upserts: items.map(toAlert), cursor: position ?? null };
  },
});

function toAlert({ id, hostId, title, level, openedAt, endedAt, acknowledgedBy }: Problem) {
  const state = endedAt !== null ? 'recovered' : acknowledgedBy !== null ? 'acknowledged' : 'open';
  return {
    id: String(id),
    data: {
      device: String(hostId),
      title,
      severity: level,
      state,
      openedAt,
      ...(endedAt === null ? {} : { recoveredAt: endedAt }),
    },
  } as const;
}

const acknowledge = defineAction(server, {
  name: 'acknowledge',
  label: 'Acknowledge',
  input: { target: field.entity('alert'), message: field.text({ max: 500, optional: true }) },
  effect: 'update',
  grain: 'scope',
  target: 'alert',
  idempotency: 'natural',
  async plan(ctx, { target, message }) {
    const { title, acknowledgedBy } = await readProblem(ctx, target);
    const isDone = acknowledgedBy !== null;
    return {
      summary: `“${title}” ${isDone ? 'is already' : 'becomes'} acknowledged in Vigil`,
      changes: [
        ...(isDone ? [] : [{ what: title, from: 'open', to: 'acknowledged' }]),
        ...(message === undefined ? [] : [{ what: 'Message', to: message }]),
      ],
      affected: [{ entity: 'alert', id: target }],
      isReversible: true,
      disruption: 'none',
    };
  },
  async apply(ctx, { target, message }, { actor, plan }) {
    await ctx.http.post(`${problemPath(ctx, target)}/acknowledgement`, { by: actor, message: message ?? '' });
    return { summary: plan.summary };
  },
  async verify(ctx, { target }) {
    return { holds: (await readProblem(ctx, target)).acknowledgedBy !== null };
  },
  async undo(ctx, { target }) {
    await ctx.http.request(`${problemPath(ctx, target)}/acknowledgement`, { method: 'DELETE' });
    return { summary: 'No longer acknowledged in Vigil.' };
  },
});

// Below the scope's own path: a problem of another customer is simply not found.
const problemPath = (ctx: Pick<Context, 'scope'>, id: string): string =>
  `${groupPath(ctx)}/problems/${encodeURIComponent(id)}`;

async function readProblem(ctx: Pick<Context, 'scope' | 'http'>, id: string): Promise<Problem> {
  const answer = await ctx.http.request(problemPath(ctx, id), { accept: [404] });
  if (answer.status === 404) throw new NotSupported('Vigil does not have this problem any more.');
  return answer.json<Problem>();
}

const changed = defineWebhook(server, {
  name: 'changed',
  label: 'Problems as they change',
  setUp: 'In Vigil open Settings → Webhooks, add {url} and set the signing secret of this connection.',
  verify: {
    kind: 'hmac',
    header: 'x-vigil-signature',
    algorithm: 'sha256',
    encoding: 'hex',
    secret: '{secret.webhookSecret}',
    signed: '{header.x-vigil-timestamp}.{body}',
    timestamp: { header: 'x-vigil-timestamp', toleranceSeconds: 300 },
  },
  route: ({ json }) =>
    typeof json === 'object' && json !== null && 'groupId' in json && json.groupId ? String(json.groupId) : null,
  // The delivery says that something changed; the stream reads what.
  handle: async () => ({ nudge: ['problems'] }),
});

export default definePlugin({
  connections: [server],
  streams: [hosts, checks, problems],
  actions: [acknowledge],
  webhooks: [changed],
});
