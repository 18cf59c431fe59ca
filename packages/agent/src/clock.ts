/** Where the agent's time comes from; injected, so that tests can move it. */
export interface AgentClock {
  now(): Temporal.Instant;
}

export const systemClock: AgentClock = { now: () => Temporal.Now.instant() };

/** Waits, or returns at once when the signal ends. Never throws. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}

/** Waits that grow with each failure, from one second to five minutes, spread so that agents do not come back in step after an outage. */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  reset(): void {
    this.#failures = 0;
  }

  /** Half of the wait is fixed and half random: full jitter would let a fifth of all agents retry at once. */
  nextMs(): number {
    const ceiling = Math.min(300_000, 1_000 * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    return ceiling / 2 + (this.#random() * ceiling) / 2;
  }
}
