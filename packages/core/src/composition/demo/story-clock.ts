import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '#kernel/clock';

/** A clock that shows each part of the story its own time, so that parts of different days can be told at once. Outside the story it stands at `present`. */
export class StoryClock implements Clock {
  readonly present: Temporal.Instant;
  readonly #told = new AsyncLocalStorage<Temporal.Instant>();

  constructor(present: Temporal.Instant) {
    this.present = present;
  }

  now(): Temporal.Instant {
    return this.#told.getStore() ?? this.present;
  }

  /** Runs `work`, and whatever it starts, at an instant. */
  at<Result>(instant: Temporal.Instant, work: () => Promise<Result>): Promise<Result> {
    return this.#told.run(instant, work);
  }
}
