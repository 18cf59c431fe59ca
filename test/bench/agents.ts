import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSigningKey, signEnrolment } from '@bailiwick/agent-protocol';
import { makeAgentScope } from '../../packages/core/src/entry/agent/agent-scope.ts';
import { CreateEnrolmentToken, EnrolAgent } from '../../packages/core/src/modules/endpoints/index.ts';
import { removeFolder, scratchFolder, startServerProcess } from '../support/server-process.ts';
import type { LoadMessage, LoadOrder, LoadResult } from './agent-load.ts';
import { startBenchDatabase, type BenchDatabase } from './bench-database.ts';
import { progress, report } from './figures.ts';
import { fillClients, openBenchPlatform } from './monitored-machines.ts';
import { processCost, type ProcessCost } from './process-cost.ts';

const BENCH = 'agents';
const AGENTS = 5_000;
const INTERVAL_MS = 30_000;
const RAMP_ROUNDS = 1;
const MEASURED_ROUNDS = 2;
const ENROL_LANES = 8;
const LOAD = fileURLToPath(new URL('./agent-load.ts', import.meta.url));

/**
 * Five thousand machines that report each half minute over HTTP, signed, to one server process: whether it keeps up, and what that costs server and
 * database. The agents' polls for orders are not part of it.
 */
export async function benchAgents(): Promise<void> {
  await using database = await startBenchDatabase();
  const secretKey = randomBytes(32).toString('base64');
  const agents = await enrolAgents(database, secretKey);
  const dataDir = scratchFolder();
  try {
    await using server = await startServerProcess({
      dataDir,
      environment: {
        DATABASE_URL: database.urls.app,
        DATABASE_OWNER_URL: database.urls.owner,
        DATABASE_AUTH_URL: database.urls.auth,
        BAILIWICK_SECRET_KEY: secretKey,
        BAILIWICK_LOCAL_AGENT: 'off',
        LOG_LEVEL: 'warn',
      },
    });
    const processes = { server: server.child.pid ?? 0, postgres: postmasterOf(database) };
    const order = { url: server.url, agents, intervalMs: INTERVAL_MS };
    const { result, costs } = await runLoad(
      { ...order, rampRounds: RAMP_ROUNDS, measuredRounds: MEASURED_ROUNDS },
      async () => ({ server: await processCost(processes.server), postgres: await processCost(processes.postgres) }),
    );
    reportResult(result, costs);
  } finally {
    removeFolder(dataDir);
  }
}

/** Past the door, whose limit of enrolments a minute is not what is measured; by the use case that stands behind it. */
async function enrolAgents(database: BenchDatabase, secretKey: string): Promise<LoadOrder['agents']> {
  await using platform = await openBenchPlatform(database, ENROL_LANES, secretKey);
  const { mspId, scope, clientIds } = await fillClients(database.superuserUrl);
  const { container } = platform;
  progress(`${BENCH}: enrolling ${AGENTS} agents …`);
  const enrolled: LoadOrder['agents'][number][] = [];
  const share = Math.ceil(AGENTS / clientIds.length);
  const places = clientIds.flatMap((clientId) => Array.from({ length: share }, (_, index) => ({ clientId, index })));
  const tokens = new Map<string, { token: string; tokenId: string }>();
  for (const clientId of clientIds) {
    const input = { clientId, label: BENCH, maxUses: share, expiresInHours: 1 };
    tokens.set(clientId, await container.resolve(CreateEnrolmentToken).run(scope, input));
  }
  // By turns over the clients: enrolments with one token wait for each other.
  const waiting = places
    .toSorted((a, b) => a.index - b.index)
    .slice(0, AGENTS)
    .values();
  const lane = async (): Promise<void> => {
    for (const { clientId, index } of waiting) {
      const { token = '', tokenId = '' } = tokens.get(clientId) ?? {};
      const { key, exported } = await generateSigningKey();
      const request = await signEnrolment(key, {
        protocolVersions: [1],
        token,
        hostname: `server-${index}`,
        platform: 'linux',
        agentVersion: '0.1.0',
        evidence: { machineId: randomBytes(16).toString('hex'), macAddresses: [] },
        orderPolicy: 'observe',
        nonce: randomBytes(16).toString('base64url'),
        timestamp: Temporal.Now.instant().toString({ fractionalSecondDigits: 3 }),
      });
      const agentScope = makeAgentScope({ mspId, clientId, subjectId: tokenId }, '127.0.0.1');
      const { agentId } = await container.resolve(EnrolAgent).run(agentScope, tokenId as never, request);
      enrolled.push({ agentId, key: exported });
    }
  };
  await Promise.all(Array.from({ length: ENROL_LANES }, lane));
  return enrolled;
}

interface Costs<Cost> {
  readonly server: Cost;
  readonly postgres: Cost;
}

async function runLoad(
  order: LoadOrder,
  measure: () => Promise<Costs<ProcessCost>>,
): Promise<{ result: LoadResult; costs: Costs<ProcessCost> }> {
  const load = fork(LOAD, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    load.send(order);
    progress(`${BENCH}: every agent says hello …`);
    await told(load, 'greeted');
    progress(`${BENCH}: reports for ${((RAMP_ROUNDS + MEASURED_ROUNDS) * INTERVAL_MS) / 1000} s …`);
    await told(load, 'measuring');
    const before = await measure();
    const { result } = await told(load, 'done');
    const after = await measure();
    const between = (name: keyof Costs<ProcessCost>): ProcessCost => ({
      cpuSeconds: after[name].cpuSeconds - before[name].cpuSeconds,
      memoryMib: after[name].memoryMib,
    });
    return { result, costs: { server: between('server'), postgres: between('postgres') } };
  } finally {
    load.kill('SIGKILL');
  }
}

async function told<Kind extends LoadMessage['kind']>(
  load: ChildProcess,
  kind: Kind,
): Promise<Extract<LoadMessage, { kind: Kind }>> {
  const ended = new AbortController();
  load.once('exit', () => ended.abort(new Error(`The load ended before it was ${kind}.`)));
  const [message] = (await once(load, 'message', { signal: ended.signal })) as [LoadMessage];
  if (message.kind !== kind) throw new Error(`The load says ${message.kind}, not ${kind}.`);
  return message as Extract<LoadMessage, { kind: Kind }>;
}

function reportResult(result: LoadResult, { server, postgres }: Costs<ProcessCost>): void {
  for (const [why, count] of Object.entries(result.failures)) progress(`${BENCH}: ${count} × ${why}`);
  const { seconds } = result;
  const figures: [metric: string, value: number, unit: string][] = [
    ['reports-due', result.due / seconds, 'reports/s'],
    ['reports-accepted', result.accepted / seconds, 'reports/s'],
    ['accepted-within-1-s', result.withinSecond / result.due, 'share'],
    ['report-p99', result.p99Ms, 'ms'],
    ['server-cpu', server.cpuSeconds / seconds, 's/s'],
    ['postgres-cpu', postgres.cpuSeconds / seconds, 's/s'],
    ['server-memory', server.memoryMib, 'MiB'],
    ['postgres-memory', postgres.memoryMib, 'MiB'],
    ['load-cpu', result.cpuSeconds / seconds, 's/s'],
    ['load-lag-p99', result.lagP99Ms, 'ms'],
  ];
  for (const [metric, value, unit] of figures) report({ bench: BENCH, metric, value, unit });
}

function postmasterOf(database: BenchDatabase): number {
  const [line = ''] = readFileSync(join(database.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  return Number(line);
}
