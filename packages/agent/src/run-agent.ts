import { Backoff, pause, systemClock, type AgentClock } from './clock.ts';
import { Collection } from './collection.ts';
import { machineHostname, readBootId } from './inventory-collector.ts';
import { machineFiles } from './machine-files.ts';
import { OrderJournal } from './order-journal.ts';
import { OrderRunner } from './order-runner.ts';
import { Reporter } from './reporter.ts';
import type { SigningKey } from '@bailiwick/agent-protocol';
import { checkServerUrl, ServerClient, ServerRefusal } from './server-client.ts';
import { Spool } from './spool.ts';
import { StateFolder, type AgentIdentity } from './state-folder.ts';
import { saveStatus } from './agent-status.ts';
import { AGENT_VERSION } from './version.ts';
import { dropUndefined } from './hardware.ts';

/** How an agent runs; only the folder is needed. */
export interface RunAgentOptions {
  readonly stateDir: string;
  /** Overrides the server of the enrolment, for a server that moved. */
  readonly serverUrl?: string;
  readonly allowsPlainHttp?: boolean;
  readonly signal: AbortSignal;
  readonly clock?: AgentClock;
  readonly maxSpoolBytes?: number;
  /** Seconds between samples; the server's wish unless given. */
  readonly intervalSeconds?: number;
  /** How long a poll waits at the server. */
  readonly pollSeconds?: number;
  readonly log?: (message: string) => void;
  readonly backoff?: () => Backoff;
}

const POLL_SECONDS = 25;

/**
 * Runs the agent of a state folder until the signal ends: samples, reports, takes orders. Answers when all has stopped; an order that ran is then reported as
 * interrupted at the next start. Throws if the folder holds no enrolment, or another process has it.
 */
export async function runAgent(options: RunAgentOptions): Promise<void> {
  const { clock = systemClock, log = () => {} } = options;
  const state = new StateFolder(options.stateDir);
  const identity = state.identity();
  if (identity === undefined)
    throw new Error(
      `${options.stateDir} holds no enrolled agent. Enrol first: npm run agent -- enroll --server URL --token T`,
    );
  const serverUrl = checkServerUrl(options.serverUrl ?? identity.serverUrl, {
    allowsPlainHttp: options.allowsPlainHttp ?? true,
  });
  const unlock = state.lock();
  // One part that fails for a reason of its own ends the others too: half an agent would look like a whole one.
  const failed = new AbortController();
  try {
    const signal = AbortSignal.any([options.signal, failed.signal]);
    const parts = startParts(
      { ...options, signal, clock, log },
      { state, identity, serverUrl, key: await state.key() },
    );
    const ends = await Promise.allSettled(
      parts.map((part) => part.catch((error: unknown) => Promise.reject(abortWith(failed, error)))),
    );
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
  } finally {
    unlock();
  }
}

function abortWith(controller: AbortController, error: unknown): Error {
  controller.abort();
  return error instanceof Error ? error : new Error(String(error));
}

interface OpenAgent {
  readonly state: StateFolder;
  readonly identity: AgentIdentity;
  readonly serverUrl: string;
  readonly key: SigningKey;
}

function startParts(
  options: RunAgentOptions & { readonly clock: AgentClock; readonly log: (message: string) => void },
  { state, identity, serverUrl, key }: OpenAgent,
): Promise<void>[] {
  const { signal, clock, log } = options;
  const client = new ServerClient({
    state,
    key,
    serverUrl,
    agentId: identity.agentId,
    clock,
    agentVersion: AGENT_VERSION,
  });
  const spool = new Spool(state, dropUndefined({ maxBytes: options.maxSpoolBytes }));
  const collection = new Collection({ state, spool, clock: client, agentVersion: AGENT_VERSION, signal, log });
  const journal = new OrderJournal(state.file('orders.journal'), clock.now());
  const refresh = (): Promise<void> => collection.refresh();
  const runner = new OrderRunner({ state, journal, spool, clock, reportClock: client, signal, refresh }, identity);
  runner.recover();
  const bootId = readBootId(machineFiles());
  const reporter = new Reporter({
    client,
    spool,
    self: () => ({
      hostname: machineHostname(),
      orderPolicy: runner.identity.orderPolicy,
      ...dropUndefined({ bootId }),
    }),
    log,
    onTry: (error) => {
      if (error !== undefined) log(error.message);
      saveStatus(state, { clock, spoolBytes: spool.bytes, error });
    },
    ...dropUndefined({ backoff: options.backoff?.() }),
  });
  const backoff = options.backoff?.() ?? new Backoff();
  const pollSeconds = options.pollSeconds ?? POLL_SECONDS;
  return [
    collection.run(() => options.intervalSeconds ?? reporter.intervalSeconds),
    reporter.run(signal),
    takeOrders({ client, runner, reporter, signal, pollSeconds, backoff }).then(() => runner.idle),
  ];
}

interface OrderLoop {
  readonly client: ServerClient;
  readonly runner: OrderRunner;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly pollSeconds: number;
  readonly backoff: Backoff;
}

async function takeOrders({ client, runner, reporter, signal, pollSeconds, backoff }: OrderLoop): Promise<void> {
  while (!signal.aborted) {
    if (!client.isRunOpen) {
      // The reporter begins runs; two at once would contradict each other.
      await pause(200, signal);
      continue;
    }
    try {
      const begun = performance.now();
      const orders = await client.orders(pollSeconds, signal);
      for (const order of orders) await runner.take(order);
      backoff.reset();
      // A server that answers at once and empty (it is stopping, say) must not be asked in a tight loop.
      if (orders.length === 0 && performance.now() - begun < 1_000) await pause(1_000, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ServerRefusal)) throw error;
      await pause(backoff.nextMs(), signal);
      // Orders may have left the server and never come; a new run tells it to send them again.
      client.closeRun();
      reporter.hurry();
    }
  }
}
