import type { AuthChoice, AuthScheme } from '@bailiwick/sdk';
import type { TransportRequest, TransportResponse, Transport } from '../egress/transport.ts';
import type { BrokerConnection, BrokerOptions } from './broker-types.ts';
import type { BrokerClock } from './clock.ts';
import { MemoryCredentialStore } from './credential-store.ts';
import { HttpBroker } from './http-broker.ts';

/** Time that passes only when somebody waits for it. For tests of this package only. */
export class VirtualClock implements BrokerClock {
  #now = 1_780_000_000_000;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  nowMs(): number {
    return this.#now;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      const end = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(new Error('The wait was given up.'));
      };
      if (signal.aborted) return end();
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  /** Moves on, waking each sleeper at its time. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#sleepers.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
    }
    this.#now = until;
  }
}

/** Lets everything that is ready run. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

export function connectionWith(auth: AuthScheme | AuthChoice, more: Partial<BrokerConnection> = {}): BrokerConnection {
  return {
    id: 'connection-1',
    type: {
      name: 'account',
      label: 'Account',
      config: {},
      baseUrl: 'https://api.vendor.test/v1/',
      auth,
      limits: [],
      headers: {},
      discoversScopes: false,
      options: [],
    },
    config: {},
    secrets: { key: 's3cr3t-k3y-of-the-msp' },
    policy: { hosts: ['api.vendor.test', 'login.vendor.test'], origins: [], networks: [] },
    ...more,
  };
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Answer = Partial<Omit<TransportResponse, 'body'>> & { readonly body?: unknown };

/** A vendor that is a function; it keeps what it was sent. */
export class FakeVendor implements Transport {
  readonly seen: Seen[] = [];
  readonly #answer: (request: Seen, index: number) => Answer | Promise<Answer>;

  constructor(answer: (request: Seen, index: number) => Answer | Promise<Answer>) {
    this.#answer = answer;
  }

  async send(request: TransportRequest): Promise<TransportResponse> {
    const { method, url, headers } = request;
    const seen = { method, url, headers, body: request.body === null ? '' : Buffer.from(request.body).toString() };
    this.seen.push(seen);
    const { body = {}, ...answer } = await this.#answer(seen, this.seen.length - 1);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { status: 200, url, headers: { 'content-type': 'application/json' }, ...answer, body: Buffer.from(text) };
  }

  close(): void {
    this.seen.length = 0;
  }
}

/** A broker whose pauses take no time. */
export function brokerFor(
  connection: BrokerConnection,
  transport: Transport,
  more: Partial<BrokerOptions> = {},
): HttpBroker {
  const clock: BrokerClock = { nowMs: () => 1_780_000_000_000, wait: (_, signal) => untilAborted(signal) };
  return new HttpBroker({
    connection,
    transport,
    store: new MemoryCredentialStore(),
    random: () => 0.5,
    clock,
    ...more,
  });
}

/** Ends at the next turn: a pause is over, and a patience is not used up before an answer that is ready. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  await settle();
  signal.throwIfAborted();
}
