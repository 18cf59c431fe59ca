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

interface Item {
  readonly id: Id;
  readonly name: string;
  readonly newestPoint: string | null;
  readonly bytes: number;
}

interface Job {
  readonly id: Id;
  readonly name: string;
  readonly cron: string;
  readonly isEnabled: boolean;
  readonly runningSince: string | null;
}

interface Run {
  readonly id: Id;
  readonly jobId: Id;
  readonly result: 'running' | 'succeeded' | 'warning' | 'failed';
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly message: string;
}

const server = defineConnection({
  name: 'server',
  label: 'Strongbox server',
  config: defineConfig({
    url: field.url({ label: 'Address', example: 'https://backup.example.net:9443' }),
    user: field.text({ label: 'User', max: 100 }),
    password: field.secret({ label: 'Password' }),
    webhookText: field.secret({ label: 'Text in the header of the webhook', optional: true }),
  }),
  baseUrl: '{config.url}/api/',
  auth: { kind: 'basic', username: '{config.user}', password: '{secret.password}' },
  limits: [{ per: 'connection', requests: 120, seconds: 60, concurrency: 2 }],
  async check(ctx) {
    const { version } = await ctx.http.get<{ version: string }>('about');
    return { account: `${ctx.config.user} at Strongbox ${version}` };
  },
  async *discoverScopes(ctx) {
    const { items } = await ctx.http.get<{ items: readonly { id: Id; name: string; number: string }[] }>('tenants');
    yield items.map(({ id, name, number }) => ({
      id: String(id),
      name,
      kind: 'tenant',
      hints: { customerNumber: number },
    }));
  },
});

const tenantPath = (ctx: Pick<Context, 'scope'>): string => `tenants/${encodeURIComponent(scopeOf(ctx).id)}`;

const items = defineStream(server, {
  name: 'items',
  label: 'Protected items',
  entity: 'protectedItem',
  mode: 'full',
  grain: 'scope',
  every: 'PT1H',
  async *read(ctx) {
    const pages = paginate(undefined, async (page: number | undefined) => {
      const path = `${tenantPath(ctx)}/items`;
      const body = await ctx.http.get<{ items: readonly Item[]; next?: number }>(path, { query: { page } });
      return { items: body.items, next: body.next };
    });
    for await (const page of pages) {
      yield {
        upserts: page.items.map(({ id, name, newestPoint, bytes }) => ({
          id: String(id),
          data: { name, kind: 'machine', ...(newestPoint === null ? {} : { newestRestorePointAt: newestPoint }) },
          // It grows with every run; the restore point is what counts.
          observed: { bytes },
        })),
      };
    }
  },
});

const jobs = defineStream(server, {
  name: 'jobs',
  label: 'Jobs',
  entity: 'backupJob',
  mode: 'full',
  grain: 'scope',
  every: 'PT1H',
  async *read(ctx) {
    const listed = await ctx.http.get<{ items: readonly Job[] }>(`${tenantPath(ctx)}/jobs`);
    yield {
      upserts: listed.items.map(({ id, name, cron, isEnabled }) => ({
        id: String(id),
        data: { name, schedule: cron, isEnabled },
      })),
    };
  },
});

const runs = defineStream(server, {
  name: 'runs',
  label: 'Runs',
  entity: 'backupRun',
  // Runs happen and stay: nothing of them is ever gone.
  mode: 'live',
  grain: 'scope',
  every: 'PT10M',
  async *read(ctx, cursor) {
    let position = typeof cursor === 'number' ? cursor : 0;
    const pages = paginate<Run, number>(position, async (after = 0) => {
      const path = `${tenantPath(ctx)}/runs`;
      // By the position in the vendor's journal, not by time: a run is there when it starts and again when it ends.
      const body = await ctx.http.get<{ items: readonly Run[]; position: number; more: boolean }>(path, {
        query: { after },
      });
      position = body.position;
      return { items: body.items, next: body.more ? body.position : undefined };
    });
    for await (const page of pages) yield { upserts: page.items.map(toRun), cursor: position };
  },
});

function toRun({ id, jobId, result, startedAt, endedAt, message }: Run) {
  const end = endedAt === null ? {} : { endedAt };
  return { id: String(id), data: { job: String(jobId), state: result, startedAt, ...end, message } };
}

const jobPath = (ctx: Pick<Context, 'scope'>, id: string): string =>
  `${tenantPath(ctx)}/jobs/${encodeURIComponent(id)}`;

async function readJob(ctx: Pick<Context, 'scope' | 'http'>, id: string): Promise<Job> {
  const answer = await ctx.http.request(jobPath(ctx, id), { accept: [404] });
  if (answer.status === 404) throw new NotSupported('This tenant has no such job any more.');
  return answer.json<Job>();
}

const runJob = defineAction(server, {
  name: 'run-job',
  label: 'Run job',
  input: { target: field.entity('backupJob') },
  effect: 'execute',
  grain: 'scope',
  target: 'backupJob',
  // Strongbox starts one run for each key, however often it is sent.
  idempotency: 'key',
  async plan(ctx, { target }) {
    const { name, isEnabled, runningSince } = await readJob(ctx, target);
    if (!isEnabled) throw new NotSupported('The job is switched off at the vendor.');
    return {
      summary: `Run the backup job “${name}” now`,
      changes: [{ what: name, from: runningSince === null ? 'waits' : 'runs', to: 'runs' }],
      affected: [{ entity: 'backupJob', id: target }],
      isReversible: false,
      disruption: 'none',
    };
  },
  async apply(ctx, { target }, { idempotencyKey }) {
    const path = `${jobPath(ctx, target)}/runs`;
    await ctx.http.post(path, {}, { headers: { 'idempotency-key': idempotencyKey } });
    return { summary: 'Strongbox runs the job.' };
  },
  async verify(ctx, { target }) {
    return { holds: (await readJob(ctx, target)).runningSince !== null };
  },
});

const ended = defineWebhook(server, {
  name: 'ended',
  label: 'Runs as they end',
  setUp:
    'In Strongbox add a notification to {url} with the header x-strongbox-text, set to the text of this connection.',
  // Nothing is signed, so a copied delivery would be taken again: it only says where to look.
  verify: { kind: 'header', name: 'x-strongbox-text', value: '{secret.webhookText}' },
  route: ({ json }) =>
    typeof json === 'object' && json !== null && 'tenant' in json && json.tenant ? String(json.tenant) : null,
  handle: async () => ({ nudge: ['runs', 'items'] }),
});

export default definePlugin({
  connections: [server],
  streams: [items, jobs, runs],
  actions: [runJob],
  webhooks: [ended],
});
