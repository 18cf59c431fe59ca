// The agents of the `agents` bench, in a process of their own, so that what they cost is not counted as the server's.
import { randomUUID } from 'node:crypto';
import { Agent as Connections, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import {
  AGENT_PATHS,
  importSigningKey,
  reportAnswerSchema,
  signRequest,
  type SigningKey,
} from '@bailiwick/agent-protocol';
import { percentile } from './figures.ts';
import { SERVER_SERIES, serverValues } from './server-series.ts';

/** What the load is told to do. */
export interface LoadOrder {
  readonly url: string;
  readonly agents: readonly { readonly agentId: string; readonly key: string }[];
  readonly intervalMs: number;
  /** Intervals before the measured ones: in the first, every agent names its series. */
  readonly rampRounds: number;
  readonly measuredRounds: number;
}

/** What came of it. */
export interface LoadResult {
  readonly due: number;
  readonly accepted: number;
  readonly withinSecond: number;
  readonly p99Ms: number;
  /** How late the load itself was to begin a report. */
  readonly lagP99Ms: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly failures: Readonly<Record<string, number>>;
}

export type LoadMessage =
  | { readonly kind: 'greeted' }
  | { readonly kind: 'measuring' }
  | { readonly kind: 'done'; readonly result: LoadResult };

const HELLO_LANES = 16;
/** A server that does not keep up must not fill the load's memory: what is due beyond this counts as not accepted. */
const MAX_IN_FLIGHT = 2_000;
const TIMEOUT_MS = 20_000;
const TICK_MS = 5;

class SimulatedAgent {
  readonly #url: URL;
  readonly #agentId: string;
  readonly #key: SigningKey;
  readonly #runId = randomUUID();
  readonly #epoch = randomUUID();
  #counter = 0;
  #sequence = 0;
  isBusy = false;

  constructor(url: URL, agentId: string, key: SigningKey) {
    this.#url = url;
    this.#agentId = agentId;
    this.#key = key;
  }

  async hello(): Promise<void> {
    await this.#send(AGENT_PATHS.hello, {
      protocolVersions: [1],
      agentVersion: '0.1.0',
      previousRunIds: [],
      hostname: 'bench',
      orderPolicy: 'observe',
    });
  }

  /** Throws unless the server says that it has stored the report. */
  async report(): Promise<void> {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const at = Temporal.Now.instant().toString();
    const data = { series: SERVER_SERIES, values: serverValues(sequence) };
    const entries = [{ stream: 'metrics', epoch: this.#epoch, sequence, at, data }];
    const { marks, refused } = reportAnswerSchema.parse(await this.#send(AGENT_PATHS.reports, { entries }));
    if (refused.length > 0) throw new Error(`refused: ${refused[0]?.code}`);
    if (!marks.some((mark) => mark.epoch === this.#epoch && mark.sequence === sequence)) throw new Error('no mark');
  }

  async #send(path: string, body: unknown): Promise<unknown> {
    const text = JSON.stringify(body);
    this.#counter += 1;
    const headers = await signRequest(this.#key, {
      method: 'POST',
      path,
      body: text,
      agentId: this.#agentId,
      timestamp: Temporal.Now.instant().toString({ fractionalSecondDigits: 3 }),
      runId: this.#runId,
      counter: this.#counter,
    });
    return post(new URL(path, this.#url), headers, text);
  }
}

// No timeouts of idle connections: an agent's next request is half a minute away, and five thousand handshakes are not what is measured.
const connections = new Connections({ keepAlive: true, maxSockets: MAX_IN_FLIGHT });

function post(url: URL, headers: Readonly<Record<string, string>>, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: connections,
      timeout: TIMEOUT_MS,
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    });
    sent.once('timeout', () => sent.destroy(new Error('timeout')));
    sent.once('error', reject);
    sent.once('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', reject);
      response.once('end', () => {
        const answer = Buffer.concat(parts).toString('utf8');
        if (response.statusCode !== 200)
          return reject(new Error(`${response.statusCode} ${/"code":"([^"]+)"/.exec(answer)?.[1] ?? ''}`));
        resolve(JSON.parse(answer));
      });
    });
    sent.end(text);
  });
}

/** Counts what becomes of the reports of the measured intervals. */
class Tally {
  readonly #latencies: number[] = [];
  readonly #lags: number[] = [];
  readonly #failures: Record<string, number> = {};
  #due = 0;

  due(lagMs: number): void {
    this.#due += 1;
    this.#lags.push(lagMs);
  }

  accepted(latencyMs: number): void {
    this.#latencies.push(latencyMs);
  }

  failed(why: string): void {
    this.#failures[why] = (this.#failures[why] ?? 0) + 1;
  }

  result(seconds: number, cpuSeconds: number): LoadResult {
    return {
      due: this.#due,
      accepted: this.#latencies.length,
      withinSecond: this.#latencies.filter((ms) => ms <= 1000).length,
      p99Ms: percentile(this.#latencies, 0.99),
      lagP99Ms: percentile(this.#lags, 0.99),
      seconds,
      cpuSeconds,
      failures: this.#failures,
    };
  }
}

/** Lets every agent report once an interval, at its own place in it. Latencies count from when a report was due, so that a stalled load hides nothing. */
async function run(order: LoadOrder, agents: readonly SimulatedAgent[], tally: Tally): Promise<LoadResult> {
  const pending = new Set<Promise<void>>();
  const total = agents.length * (order.rampRounds + order.measuredRounds);
  const firstMeasured = agents.length * order.rampRounds;
  const startMs = performance.now();
  let measuredFromMs = startMs;
  let cpu = process.cpuUsage();
  for (let turn = 0; turn < total; turn += 1) {
    const dueMs = startMs + (turn / agents.length) * order.intervalMs;
    while (performance.now() < dueMs) await setTimeout(TICK_MS);
    if (turn === firstMeasured) {
      [measuredFromMs, cpu] = [performance.now(), process.cpuUsage()];
      tell({ kind: 'measuring' });
    }
    const agent = agents[turn % agents.length];
    if (agent === undefined) throw new RangeError('There are no agents.');
    const counted = turn >= firstMeasured ? tally : new Tally();
    counted.due(performance.now() - dueMs);
    if (agent.isBusy || pending.size >= MAX_IN_FLIGHT) {
      counted.failed(agent.isBusy ? 'the one before was still on its way' : 'too many on their way');
      continue;
    }
    const sending = reportOnce(agent, dueMs, counted).finally(() => pending.delete(sending));
    pending.add(sending);
  }
  const seconds = (performance.now() - measuredFromMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await Promise.all(pending);
  return tally.result(seconds, (user + system) / 1e6);
}

async function reportOnce(agent: SimulatedAgent, dueMs: number, tally: Tally): Promise<void> {
  agent.isBusy = true;
  try {
    await agent.report();
    tally.accepted(performance.now() - dueMs);
  } catch (error) {
    tally.failed(error instanceof Error ? error.message : String(error));
  } finally {
    agent.isBusy = false;
  }
}

function tell(message: LoadMessage): void {
  process.send?.(message);
}

async function main(order: LoadOrder): Promise<void> {
  const url = new URL(order.url);
  const agents: SimulatedAgent[] = [];
  for (const { agentId, key } of order.agents)
    agents.push(new SimulatedAgent(url, agentId, await importSigningKey(key)));
  const waiting = agents.values();
  const lane = async (): Promise<void> => {
    for (const agent of waiting) await agent.hello();
  };
  await Promise.all(Array.from({ length: HELLO_LANES }, lane));
  tell({ kind: 'greeted' });
  tell({ kind: 'done', result: await run(order, agents, new Tally()) });
  connections.destroy();
  process.disconnect?.();
}

// The bench is gone: nobody would read the result.
process.once('disconnect', () => process.exit());
process.once('message', (order) => {
  main(order as LoadOrder).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
});
