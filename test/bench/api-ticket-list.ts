import { Agent, get as httpGet } from 'node:http';
import { z } from 'zod';
import { listen } from '../../packages/core/src/composition/http-server.ts';
import { modules } from '../../packages/core/src/composition/modules.ts';
import { makeHttpApp } from '../../packages/core/src/entry/http/app.ts';
import { DatabaseIdempotency } from '../../packages/core/src/entry/http/idempotency.ts';
import { WindowLimiter } from '../../packages/core/src/entry/http/request-limiter.ts';
import { RequestMetrics } from '../../packages/core/src/entry/http/request-metrics.ts';
import type { RestOperation } from '../../packages/core/src/entry/http/rest.ts';
import { proceduresOf, trpcRouter } from '../../packages/core/src/entry/http/trpc.ts';
import { systemClock } from '../../packages/core/src/kernel/clock.ts';
import { newId } from '../../packages/core/src/kernel/id.ts';
import { defineQuery, type OperationMap } from '../../packages/core/src/kernel/operation.ts';
import { makeTenantScope, type TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { LiveHub } from '../../packages/core/src/platform/live.ts';
import { makeLogger } from '../../packages/core/src/platform/log.ts';
import { startBenchDatabase } from './bench-database.ts';
import { median, percentile, progress, report, throughput } from './figures.ts';
import { openBenchPlatform, type BenchPlatform } from './monitored-machines.ts';
import { fillMsp, type SizedMsp } from './ticket-data.ts';

const BENCH = 'api-ticket-list';
const LANES = 8;
const ROUNDS = 5;
const ROUND_MS = 2000;

/** Fifty open tickets of 1,000 clients over HTTP, beside the cheapest tRPC call that there is: one that answers from no table. */
export async function benchApiTicketList(): Promise<void> {
  await using database = await startBenchDatabase();
  const msp = await fillMsp(database.superuserUrl, { clients: 1000, tickets: 200_000 });
  await using platform = await openBenchPlatform(database, LANES);
  const server = await listen(httpApp(platform, msp), { port: 0, host: '127.0.0.1' });
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  const origin = `http://127.0.0.1:${server.port}`;
  try {
    const list = `${origin}/api/trpc/tickets.listTickets?input=${encodeURIComponent(JSON.stringify({ limit: 50 }))}`;
    const empty = `${origin}/api/trpc/bench.nothing`;
    const times: number[] = [];
    const lists: number[] = [];
    const empties: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      progress(`${BENCH}: round ${round + 1} of ${ROUNDS} …`);
      const options = { lanes: LANES, durationMs: ROUND_MS };
      empties.push(await throughput(() => timedGet(empty, agent), options));
      lists.push(await throughput(async () => void times.push(await timedGet(list, agent)), options));
    }
    report({ bench: BENCH, metric: 'requests', value: median(lists), unit: 'requests/s', baseline: median(empties) });
    report({ bench: BENCH, metric: 'p99', value: percentile(times, 0.99), unit: 'ms' });
  } finally {
    agent.destroy();
    await server.stop();
  }
}

/** Asks nothing of anything: what HTTP, tRPC and the look-up of a scope cost by themselves. */
const nothing = defineQuery({
  name: 'bench.nothing',
  permission: 'bench.nothing',
  input: z.void(),
  output: z.null(),
  run: async () => null,
});

/** The product's HTTP surface, every request in the name of one member of staff. */
function httpApp({ container }: BenchPlatform, msp: SizedMsp): ReturnType<typeof makeHttpApp> {
  const scope = staffScope(msp);
  const byModule = modules.map((module) => [module.name, proceduresOf(module.operations(container) as OperationMap)]);
  return makeHttpApp({
    router: trpcRouter({ ...Object.fromEntries(byModule), bench: proceduresOf({ nothing }) }),
    operations: modules.flatMap((module) => Object.values(module.operations(container)) as RestOperation[]),
    resolveScope: async () => scope,
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
}

function staffScope({ mspId }: SizedMsp): TenantScope {
  return makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'staff',
    actor: { kind: 'login', id: newId(), label: 'bench' },
    permissions: new Set(['bench.nothing', ...modules.flatMap((module) => module.permissions.map(({ name }) => name))]),
    requestId: newId(),
  });
}

/** Reads an answer to its end; how long it took, in milliseconds. */
function timedGet(url: string, agent: Agent): Promise<number> {
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    httpGet(url, { agent }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - startMs);
        else reject(new Error(`${url} answered ${response.statusCode}.`));
      });
    }).once('error', reject);
  });
}
