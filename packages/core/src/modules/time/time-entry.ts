import { InvalidInputError } from '#kernel/errors';

/** Whole minutes between two instants, begun ones counted: a timer of 61 s is 2 minutes, and none is less than 1. */
export function minutesBetween(startedAt: Temporal.Instant, endedAt: Temporal.Instant): number {
  const seconds = endedAt.epochMilliseconds / 1000 - startedAt.epochMilliseconds / 1000;
  return Math.max(1, Math.ceil(seconds / 60));
}

/** Worked minutes from what was given: a number, or start and end. Throws `time.no-duration`, `time.ends-before-start`, `time.too-long`, `time.in-the-future`. */
export function workedMinutes(
  entry: { startedAt: Temporal.Instant; endedAt?: Temporal.Instant | undefined; minutes?: number | undefined },
  now: Temporal.Instant,
): number {
  if (Temporal.Instant.compare(entry.startedAt, now.add({ minutes: 5 })) > 0)
    throw refused('time.in-the-future', 'startedAt', 'must not be in the future');
  if (entry.endedAt !== undefined && Temporal.Instant.compare(entry.endedAt, entry.startedAt) <= 0)
    throw refused('time.ends-before-start', 'endedAt', 'must be after the start');
  const minutes =
    entry.minutes ?? (entry.endedAt === undefined ? null : minutesBetween(entry.startedAt, entry.endedAt));
  if (minutes === null) throw refused('time.no-duration', 'minutes', 'must be given, or an end');
  if (minutes > 1440) throw refused('time.too-long', 'minutes', 'must be at most 24 hours');
  return minutes;
}

function refused(code: string, field: string, message: string): InvalidInputError {
  return new InvalidInputError(code, `${field} ${message}.`, { fields: [{ path: [field], message }] });
}
