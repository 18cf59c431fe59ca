/** Where the time comes from. Injected everywhere, so that a test can move it. */
export interface Clock {
  now(): Temporal.Instant;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** A clock that stands still until it is moved. */
export class FixedClock implements Clock {
  #now: Temporal.Instant;

  constructor(now: Temporal.Instant | string) {
    this.#now = Temporal.Instant.from(now);
  }

  now(): Temporal.Instant {
    return this.#now;
  }

  advance(duration: Temporal.DurationLike | string): void {
    this.#now = this.#now.add(duration);
  }

  set(now: Temporal.Instant | string): void {
    this.#now = Temporal.Instant.from(now);
  }
}
