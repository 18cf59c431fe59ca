import { RateLimitedError } from '#kernel/errors';
import type { Clock } from '#kernel/clock';
import type { RequestLimiter } from './rest.ts';

const WINDOW_MS = 60_000;
/** Beyond this many callers the oldest windows are forgotten: bounded memory matters more than one generous minute. */
const MAX_CALLERS = 50_000;

/** Fixed windows of a minute for each caller, in this process: `limit` requests each. */
export class WindowLimiter implements RequestLimiter {
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #windows = new Map<string, { startedMs: number; count: number }>();

  constructor(deps: { limit: number; clock: Clock }) {
    this.#limit = deps.limit;
    this.#clock = deps.clock;
  }

  take(caller: string): { limit: number; remaining: number; resetSeconds: number } {
    const nowMs = this.#clock.now().epochMilliseconds;
    let window = this.#windows.get(caller);
    if (window === undefined || nowMs - window.startedMs >= WINDOW_MS) {
      window = { startedMs: nowMs, count: 0 };
      this.#windows.delete(caller);
      this.#windows.set(caller, window);
      const oldest = this.#windows.keys().next().value;
      if (this.#windows.size > MAX_CALLERS && oldest !== undefined) this.#windows.delete(oldest);
    }
    window.count += 1;
    const resetSeconds = Math.ceil((window.startedMs + WINDOW_MS - nowMs) / 1000);
    if (window.count > this.#limit)
      throw new RateLimitedError(
        'request.too-many',
        `More than ${this.#limit} requests in a minute. Try again in ${resetSeconds} seconds.`,
        resetSeconds,
      );
    return { limit: this.#limit, remaining: this.#limit - window.count, resetSeconds };
  }
}
