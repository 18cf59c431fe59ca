import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerClock } from '@bailiwick/plugin-runtime';

/** Whoever waits that long waits for a place that another request holds, not for a time. */
const FOR_A_PLACE_MS = 3_600_000;
/** Long enough for a request to fixtures to end and give its place back. */
const MOMENT_MS = 500;

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
    if (ms >= FOR_A_PLACE_MS) await sleep(MOMENT_MS, undefined, { signal });
    this.#ms += ms;
  }
}
