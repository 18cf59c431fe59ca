import type { BrokerClock } from '@bailiwick/plugin-runtime';

/** A clock on which pauses take no time: limits and retries are kept, and a check does not wait for them. */
export class VirtualClock implements BrokerClock {
  #ms: number;

  constructor(start: Temporal.Instant) {
    this.#ms = start.epochMilliseconds;
  }

  nowMs(): number {
    return this.#ms;
  }

  /** Lets time pass between two calls. */
  advance(ms: number): void {
    this.#ms += ms;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#ms += ms;
  }
}
