import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderPolicy, OrderResult } from '@bailiwick/agent-protocol';
import { vi } from 'vitest';
import { Backoff } from '../../packages/agent/src/clock.ts';
import { enrollAgent, runAgent } from '../../packages/agent/src/index.ts';
import { ProtocolServer } from './protocol-server.ts';

const ENDS: ReadonlySet<OrderResult['state']> = new Set(['succeeded', 'failed', 'timed-out', 'refused', 'interrupted']);

/** A real agent in a folder of its own, against a server of the protocol. */
export class AgentHarness implements AsyncDisposable {
  readonly server: ProtocolServer;
  readonly stateDir: string;
  readonly #folder: string;
  #stop = new AbortController();
  #running: Promise<void> | undefined;

  private constructor(server: ProtocolServer) {
    this.server = server;
    this.#folder = mkdtempSync(join(tmpdir(), 'bailiwick-agent-'));
    this.stateDir = join(this.#folder, 'state');
  }

  static async open(): Promise<AgentHarness> {
    return new AgentHarness(await ProtocolServer.start());
  }

  enroll(orderPolicy: OrderPolicy = 'allow') {
    const { stateDir, server } = this;
    return enrollAgent({ stateDir, serverUrl: server.url, token: server.token, orderPolicy });
  }

  start(): void {
    this.#stop = new AbortController();
    // No random part and short waits: tests are about what arrives, not about when.
    const backoff = (): Backoff => Object.assign(new Backoff(), { nextMs: () => 100 });
    const { signal } = this.#stop;
    this.#running = runAgent({ stateDir: this.stateDir, signal, intervalSeconds: 1, pollSeconds: 2, backoff });
  }

  async enrollAndStart(orderPolicy: OrderPolicy = 'allow'): Promise<void> {
    await this.enroll(orderPolicy);
    this.start();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** How an order ended. */
  endOf(orderId: string): Promise<OrderResult> {
    return this.eventually(() => {
      const end = this.server.results(orderId).find((result) => ENDS.has(result.state));
      if (end === undefined) throw new Error(`Order ${orderId} has no end yet.`);
      return end;
    });
  }

  /** Tries until it holds. The limit is generous, as a busy machine is slow, and reached only when something is broken. */
  eventually<Result>(check: () => Result): Promise<Result> {
    return vi.waitFor(check, { timeout: 75_000, interval: 50 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Whether a process runs. A dead one whose new parent has not fetched it yet does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}
