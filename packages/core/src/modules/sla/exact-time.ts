/** Clocks count in whole nanoseconds, the step of `Temporal.Instant`: nothing is rounded, so that no order of steps changes a sum. */
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;

/** The exact length of a duration without years and months; a day is 24 hours, a week seven of them. */
export function nanosecondsOf(duration: Temporal.Duration): bigint {
  return (
    BigInt(duration.weeks * 7 + duration.days) * DAY +
    BigInt(duration.hours) * HOUR +
    BigInt(duration.minutes) * MINUTE +
    BigInt(duration.seconds) * SECOND +
    BigInt(duration.milliseconds) * 1_000_000n +
    BigInt(duration.microseconds) * 1000n +
    BigInt(duration.nanoseconds)
  );
}

/** The one form of a length that we print: hours, minutes and seconds, `PT26H30M`; all negative where it is, and `PT0S` for nothing. */
export function durationOf(length: bigint): Temporal.Duration {
  const below = Number(length % SECOND);
  return new Temporal.Duration(
    0,
    0,
    0,
    0,
    Number(length / HOUR),
    Number((length % HOUR) / MINUTE),
    Number((length % MINUTE) / SECOND),
    Math.trunc(below / 1_000_000),
    Math.trunc(below / 1000) % 1000,
    below % 1000,
  );
}

export function minutesInNanoseconds(minutes: number): bigint {
  return BigInt(minutes) * MINUTE;
}

export function instantAt(nanoseconds: bigint): Temporal.Instant {
  return Temporal.Instant.fromEpochNanoseconds(nanoseconds);
}
