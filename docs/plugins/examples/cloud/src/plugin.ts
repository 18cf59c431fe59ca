import {
  defineAction,
  defineConfig,
  defineConnection,
  definePlugin,
  defineStream,
  field,
  NotSupported,
  paginate,
  scopeOf,
  type Context,
} from '@bailiwick/sdk';

interface Account {
  readonly id: string | number;
  readonly name: string;
  readonly status: 'open' | 'suspended';
  readonly taxId: string | null;
}

interface Machine {
  readonly id: string | number;
  readonly name: string;
  readonly region: string;
  readonly state: 'running' | 'stopped';
  readonly size: string;
  readonly tags: Readonly<Record<string, string>>;
}

interface CostLine {
  readonly id: string | number;
  readonly account: string | number;
  readonly day: string;
  readonly nextDay: string;
  /** Digits as text: money is never a floating-point number. */
  readonly amount: string;
  readonly currency: string;
  readonly service: string;
  readonly machineId: string | number | null;
}

const organization = defineConnection({
  name: 'organization',
  label: 'Nimbus organisation',
  config: defineConfig({
    clientId: field.text({ label: 'Client ID', max: 100 }),
    clientSecret: field.secret({ label: 'Client secret' }),
  }),
  baseUrl: 'https://api.nimbus.example/v2/',
  auth: {
    kind: 'oauth2-client',
    tokenUrl: 'https://login.nimbus.example/organization/token',
    clientId: '{config.clientId}',
    clientSecret: '{secret.clientSecret}',
    perScope: { tokenUrl: 'https://login.nimbus.example/accounts/{scope.id}/token' },
  },
  limits: [
    { per: 'connection', requests: 600, seconds: 60 },
    { per: 'scope', requests: 20, seconds: 1, concurrency: 4 },
  ],
  async check(ctx) {
    const { name } = await ctx.http.get<{ name: string }>('organization');
    return { account: `${ctx.config.clientId} at ${name}` };
  },
  async *discoverScopes(ctx) {
    const { items } = await ctx.http.get<{ items: readonly Account[] }>('accounts');
    yield items.map(({ id, name, status, taxId }) => ({
      id: String(id),
      name,
      kind: 'account',
      isAccessible: status === 'open',
      hints: taxId === null ? {} : { taxId },
    }));
  },
});

const machines = defineStream(organization, {
  name: 'machines',
  label: 'Machines',
  entity: 'cloudResource',
  mode: 'full',
  grain: 'scope',
  every: 'PT30M',
  async *read(ctx) {
    const pages = paginate(undefined, async (token: string | undefined) => {
      const path = `accounts/${scopeOf(ctx).id}/machines`;
      return ctx.http
        .get<{ items: readonly Machine[]; nextToken?: string }>(path, { query: { token } })
        .then(({ items, nextToken }) => ({ items, next: nextToken }));
    });
    for await (const { items } of pages) {
      yield {
        upserts: items.map(({ id, name, region, state, size, tags }) => ({
          id: String(id),
          data: { name, service: 'compute', type: 'machine', region, state, properties: { size }, tags },
        })),
      };
    }
  },
});

const costs = defineStream(organization, {
  name: 'costs',
  label: 'Cost',
  entity: 'cost',
  mode: 'incremental',
  // The export is the organisation's: read once, each line names its account.
  grain: 'connection',
  every: 'PT6H',
  async *read(ctx, cursor) {
    const closed = typeof cursor === 'string' ? cursor : undefined;
    const { months } = await ctx.http.get<{ months: readonly { month: string; isClosed: boolean }[] }>('costs');
    // Open months are read again: the vendor still corrects them, and an equal line is no write.
    for (const { month, isClosed } of months.filter((one) => closed === undefined || one.month > closed)) {
      const pages = paginate(undefined, async (page: number | undefined) => {
        const body = await ctx.http.get<{ items: readonly CostLine[]; next?: number }>(`costs/${month}`, {
          query: { page },
        });
        return { items: body.items, next: body.next };
      });
      for await (const { items } of pages) yield { upserts: items.map((line) => toCost(line, month)) };
      if (isClosed) yield { upserts: [], cursor: month };
    }
  },
});

function toCost({ id, account, day, nextDay, amount, currency, service, machineId }: CostLine, month: string) {
  const first = Temporal.PlainYearMonth.from(month);
  const startOf = (date: string): string => `${date}T00:00:00Z`;
  return {
    id: String(id),
    scope: String(account),
    data: {
      billedCost: amount,
      billingCurrency: currency,
      billingPeriodStart: startOf(first.toPlainDate({ day: 1 }).toString()),
      billingPeriodEnd: startOf(first.add({ months: 1 }).toPlainDate({ day: 1 }).toString()),
      chargePeriodStart: startOf(day),
      chargePeriodEnd: startOf(nextDay),
      chargeCategory: 'Usage',
      serviceName: service,
      providerName: 'Nimbus',
      subAccountId: String(account),
      ...(machineId === null ? {} : { resourceId: String(machineId) }),
    },
  } as const;
}

const machinePath = (ctx: Pick<Context, 'scope'>, id: string): string =>
  `accounts/${scopeOf(ctx).id}/machines/${encodeURIComponent(id)}`;

async function readMachine(ctx: Pick<Context, 'scope' | 'http'>, id: string): Promise<Machine> {
  const answer = await ctx.http.request(machinePath(ctx, id), { accept: [404] });
  if (answer.status === 404) throw new NotSupported('This account has no such machine any more.');
  return answer.json<Machine>();
}

const opposite = { running: 'stopped', stopped: 'running' } as const;

const power = defineAction(organization, {
  name: 'power',
  label: 'Power',
  help: 'Starts or stops a machine.',
  input: { target: field.entity('cloudResource'), state: field.choice(['running', 'stopped']) },
  effect: 'execute',
  grain: 'scope',
  target: 'cloudResource',
  idempotency: 'natural',
  async plan(ctx, { target, state }) {
    const { name, state: now } = await readMachine(ctx, target);
    const isDone = now === state;
    return {
      summary: `${name} ${isDone ? `is already ${state}` : state === 'running' ? 'is started' : 'is stopped'}`,
      changes: isDone ? [] : [{ what: name, from: now, to: state }],
      affected: [{ entity: 'cloudResource', id: target }],
      isReversible: true,
      disruption: state === 'stopped' && !isDone ? 'outage' : 'none',
    };
  },
  async apply(ctx, { target, state }, { plan }) {
    if (plan.changes.length > 0) await ctx.http.post(`${machinePath(ctx, target)}/power`, { state });
    return { summary: plan.summary };
  },
  async verify(ctx, { target, state }) {
    const now = await readMachine(ctx, target);
    return { holds: now.state === state, detail: `It is ${now.state}.` };
  },
  async undo(ctx, { target, state }) {
    await ctx.http.post(`${machinePath(ctx, target)}/power`, { state: opposite[state] });
    return { summary: 'As it was before.' };
  },
});

export default definePlugin({ connections: [organization], streams: [machines, costs], actions: [power] });
