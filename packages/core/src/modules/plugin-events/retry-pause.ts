import type { CallFailed, FailureName } from '@bailiwick/plugin-runtime';

/** What passes by itself. `Aborted`: we stopped, not the vendor. */
const PASSING: ReadonlySet<FailureName> = new Set(['Transient', 'RateLimited', 'TimedOut', 'Aborted']);

/** Ten tries with these pauses take about five hours: longer than most outages, shorter than anybody waits without asking. */
const MOST_ATTEMPTS = 10;
const FIRST_PAUSE_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 3600;

/**
 * How long to wait before a call is tried again, or null where that is of no use.
 *
 * @param attempts how often it was tried, this time included
 */
export function retryPause(failure: CallFailed, attempts: number): Temporal.Duration | null {
  if (!PASSING.has(failure.failure) || attempts >= MOST_ATTEMPTS) return null;
  const pause = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempts - 1));
  return Temporal.Duration.from({ seconds: Math.ceil(Math.max(pause, failure.details.retryAfterSeconds ?? 0)) });
}
