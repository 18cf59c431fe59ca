import { setTimeout as sleep } from 'node:timers/promises';
import type { Hono } from 'hono';
import { makeHttpApp } from '../../packages/core/src/entry/http/app.ts';
import { DatabaseIdempotency } from '../../packages/core/src/entry/http/idempotency.ts';
import { WindowLimiter } from '../../packages/core/src/entry/http/request-limiter.ts';
import { RequestMetrics } from '../../packages/core/src/entry/http/request-metrics.ts';
import type { RestOperation } from '../../packages/core/src/entry/http/rest.ts';
import { proceduresOf, trpcRouter } from '../../packages/core/src/entry/http/trpc.ts';
import { modules } from '../../packages/core/src/composition/modules.ts';
import { systemClock } from '../../packages/core/src/kernel/clock.ts';
import { newId } from '../../packages/core/src/kernel/id.ts';
import type { OperationMap } from '../../packages/core/src/kernel/operation.ts';
import { makeTenantScope, type TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { LiveHub } from '../../packages/core/src/platform/live.ts';
import { makeLogger } from '../../packages/core/src/platform/log.ts';
import { startBenchDatabase, type BenchDatabase } from './bench-database.ts';
import { BENCH_SECRET_KEY } from './desk-clocks.ts';
import { fillDesk, type SizedDesk } from './desk-data.ts';
import { Filler } from './desk-fill.ts';
import { SEARCHES } from './desk-words.ts';
import { median, percentile, progress, report } from './figures.ts';
import { openBenchPlatform, type BenchPlatform } from './monitored-machines.ts';

const BENCH = 'desk-queue';
/** Connections of a real start. */
const CONNECTIONS = 10;
const VIEWERS = 300;
const SMALL = 10_000;
/** How often the web asks again for a list that others keep changing (`live-updates.ts`): every 4 to 6 s. */
const VIEWER_PERIOD_MS = 5000;
const ROUNDS = 4;
const ROUND_MS = 3000;

/** One size of desk with the product over it. */
interface Desk {
  readonly desk: SizedDesk;
  readonly app: Hono;
  readonly scopes: readonly TenantScope[];
  /** Whose turn it is, by the name of an analyst in `x-bench`. */
  readonly numbers: readonly number[];
  /** The ids of some of them. */
  readonly tickets: readonly string[];
}

const BESIDE = [
  'tickets.getTicketSla',
  'tickets.listSimilarTickets',
  'approvals.listTicketApprovals',
  'ticket-checklists.listTicketChecklists',
  'time.listTicketTime',
  'satisfaction.listTicketRatings',
] as const;

type Ask = (desk: Desk, turn: number) => string;

const ASKS: Readonly<Record<string, Ask>> = {
  'queue-page': (desk, turn) => trpc('tickets.listTickets', queueOf(desk, turn)),
  'ticket-page': ({ numbers }, turn) =>
    trpc('tickets.getTicketByNumber', { number: numbers[(turn * 7919) % numbers.length] }),
  // What the page asks beside the ticket, in one request as the web sends it.
  'ticket-page-beside': ({ tickets }, turn) => {
    const ticketId = tickets[(turn * 7919) % tickets.length];
    return batch(BESIDE.map((name) => [name, { ticketId }]));
  },
  search: (_, turn) =>
    trpc('tickets.listTickets', {
      limit: 50,
      tab: turn % 3 === 0 ? 'open' : 'all',
      search: SEARCHES[turn % SEARCHES.length],
    }),
};

/** What people have open: their own, what nobody has, what is due, a queue, a client, and what is further down. */
function queueOf({ desk }: Desk, turn: number): object {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[(turn * 31) % items.length];
  return [
    { limit: 50, tab: 'open' },
    { limit: 50, tab: 'mine' },
    { limit: 50, tab: 'unassigned' },
    { limit: 50, tab: 'open', sort: 'breach' },
    { limit: 50, tab: 'open', sort: 'priority' },
    { limit: 50, tab: 'open', queueId: pick(desk.queueIds) },
    { limit: 50, tab: 'open', clientId: pick(desk.clientIds) },
    { limit: 50, tab: 'waiting' },
  ][turn % 8] as object;
}

/**
 * Median and p99 of a page of the queue, a ticket and a search, from the request's arrival in the server to the last byte of its answer, one at a time and eight at once, with 300 open
 * views that ask again and again; a million tickets beside ten thousand, by turns.
 */
export async function benchDeskQueue(): Promise<void> {
  const tickets = Number(process.env['BENCH_TICKETS'] ?? 1_000_000);
  await using smallDatabase = await startBenchDatabase(`desk-${SMALL}`);
  await using largeDatabase = await startBenchDatabase(`desk-${tickets}`);
  const small = await fillDesk(smallDatabase, { clients: 1000, staff: 60, tickets: SMALL });
  const large = await fillDesk(largeDatabase, { clients: 1000, staff: 60, tickets });
  await using smallPlatform = await openBenchPlatform(smallDatabase, CONNECTIONS, BENCH_SECRET_KEY);
  await using largePlatform = await openBenchPlatform(largeDatabase, CONNECTIONS, BENCH_SECRET_KEY);
  const desks = [
    await deskOf(small, smallPlatform, smallDatabase),
    await deskOf(large, largePlatform, largeDatabase),
  ] as const;
  for (const lanes of [1, 8]) {
    for (const [name, ask] of Object.entries(ASKS)) {
      const times: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        progress(`${BENCH}: ${name}, ${lanes} at once, round ${round + 1} of ${ROUNDS} …`);
        for (const [index, desk] of desks.entries())
          times[index as 0 | 1].push(
            ...(await watched(desk, () => timesOf(desk, ask, lanes))).slice(round === 0 ? lanes * 8 : 0),
          );
      }
      const at = lanes === 1 ? 'one-at-once' : 'eight-at-once';
      for (const [share, figure] of [
        ['median', median],
        ['p99', (values: readonly number[]) => percentile(values, 0.99)],
      ] as const)
        report({
          bench: BENCH,
          metric: `${name}-${at}-${share}`,
          value: figure(times[1]),
          unit: 'ms',
          baseline: figure(times[0]),
        });
    }
  }
}

/** Does `work` while 300 views are open that ask for their page and their counts, one after the other all the time. */
async function watched<Result>(desk: Desk, work: () => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  const lanes = Array.from({ length: 3 }, async (_, lane) => {
    for (let turn = lane; !stop.signal.aborted; turn += 3) {
      await sleep((VIEWER_PERIOD_MS / VIEWERS) * 3);
      await timed(desk, trpc('tickets.listTickets', queueOf(desk, turn)), turn);
      await timed(desk, trpc('ticket-views.countViews', {}), turn);
    }
  });
  try {
    return await work();
  } finally {
    stop.abort();
    await Promise.all(lanes);
  }
}

async function timesOf(desk: Desk, ask: Ask, lanes: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + ROUND_MS;
  let turn = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < end) {
        const own = turn++;
        times.push(await timed(desk, ask(desk, own), own));
      }
    }),
  );
  return times;
}

/** Reads an answer to its end; how long it took, in milliseconds. */
async function timed({ app, scopes }: Desk, path: string, turn: number): Promise<number> {
  const request = new Request(`http://localhost${path}`, { headers: { 'x-bench': String(turn % scopes.length) } });
  const start = performance.now();
  const response = await app.fetch(request);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return performance.now() - start;
}

function trpc(name: string, input: object): string {
  return `/api/trpc/${name}?input=${encodeURIComponent(JSON.stringify(input))}`;
}

function batch(calls: readonly (readonly [name: string, input: object])[]): string {
  const inputs = Object.fromEntries(calls.map(([, input], index) => [index, input]));
  return `/api/trpc/${calls.map(([name]) => name).join()}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`;
}

async function deskOf(desk: SizedDesk, { container }: BenchPlatform, { superuserUrl }: BenchDatabase): Promise<Desk> {
  const scopes = desk.staff.map(({ loginId }) =>
    makeTenantScope({
      mspId: desk.mspId,
      reach: { kind: 'all' },
      audience: 'staff',
      actor: { kind: 'login', id: loginId as never, label: 'bench' },
      permissions: new Set(modules.flatMap((module) => module.permissions.map(({ name }) => name))),
      requestId: newId(),
    }),
  );
  const byModule = modules.map((module) => [module.name, proceduresOf(module.operations(container) as OperationMap)]);
  const app = makeHttpApp({
    router: trpcRouter(Object.fromEntries(byModule)),
    operations: modules.flatMap((module) => Object.values(module.operations(container)) as RestOperation[]),
    resolveScope: async (request) => scopes[Number(request.headers.get('x-bench'))] as TenantScope,
    doors: {},
    idempotency: new DatabaseIdempotency({ db: container.resolve(ScopedDb) }),
    limiter: new WindowLimiter({ limit: 1_000_000_000, clock: systemClock }),
    live: container.resolve(LiveHub),
    log: makeLogger('warn'),
    metrics: new RequestMetrics(),
    publicUrl: 'http://localhost',
    version: 'bench',
    webFolder: '/nowhere',
    trustedProxies: [],
    notReady: async () => null,
  });
  // Tickets that people look at: half of them new, half from anywhere.
  const numbers = Array.from({ length: 2000 }, (_, index) =>
    index % 2 === 0
      ? desk.tickets - ((index * 13) % Math.min(4000, desk.tickets))
      : 1 + ((index * 7919) % desk.tickets),
  );
  await using filler = await Filler.open(superuserUrl, 1);
  const tickets = await filler.rows<{ id: string }>('select id from ticket where msp_id = $1 and number = any($2)', [
    desk.mspId,
    numbers,
  ]);
  return { desk, app, scopes, numbers, tickets: tickets.map(({ id }) => id) };
}
