import type { MeasuredWork } from './log-time.ts';
import type { WorkSpan } from './rate-work.ts';

/** A timer that measures more than this was forgotten: what it gives must be looked at, and is cut here. */
export const LONGEST_TIMER_MINUTES = 12 * 60;

/** A stretch in which a timer ran, as it is kept. */
export interface TimedSpan {
  readonly from: string;
  readonly to: string;
}

/** How long the stretches are together. */
export function millisecondsOf(spans: readonly TimedSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + lengthOf(from, to), 0);
}

function lengthOf(from: string, to: string): number {
  return Temporal.Instant.from(to).epochMilliseconds - Temporal.Instant.from(from).epochMilliseconds;
}

/**
 * What a timer measured, in whole minutes, begun ones counted; idle minutes are left out, a person's own number comes in its place, and the rest of a timer that was forgotten is
 * cut. Null where nothing is left.
 */
export function timedWork(
  spans: readonly TimedSpan[],
  input: { readonly minutes?: number | undefined; readonly idleMinutes: number },
): (MeasuredWork & { readonly startedAt: Temporal.Instant; readonly minutes: number }) | null {
  const first = spans[0];
  if (first === undefined) return null;
  const ran = Math.max(1, Math.ceil(millisecondsOf(spans) / 60_000));
  const minutes = input.minutes ?? Math.min(ran, LONGEST_TIMER_MINUTES) - input.idleMinutes;
  if (minutes < 1) return null;
  const reasons = [
    'by timer',
    ...(spans.length > 1 ? [`in ${spans.length} stretches`] : []),
    ...(input.minutes === undefined && input.idleMinutes > 0 ? [`${input.idleMinutes} min idle left out`] : []),
    ...(input.minutes === undefined && ran > LONGEST_TIMER_MINUTES
      ? [`ran ${ran} min, cut to ${LONGEST_TIMER_MINUTES}`]
      : []),
    ...(input.minutes !== undefined && input.minutes !== ran ? [`corrected from ${ran} min`] : []),
  ];
  const worked = spans.map(({ from, to }) => ({ from: Temporal.Instant.from(from), to: Temporal.Instant.from(to) }));
  return {
    startedAt: Temporal.Instant.from(first.from),
    minutes,
    reason: reasons.join(', '),
    spans: cutTo(worked, minutes),
  };
}

/** The stretches from the first on that hold so many minutes; the last one is made longer where they are too short. */
function cutTo(spans: readonly WorkSpan[], minutes: number): WorkSpan[] {
  const kept: WorkSpan[] = [];
  let left = minutes * 60_000;
  for (const [index, { from, to }] of spans.entries()) {
    if (left <= 0) break;
    const length = to.epochMilliseconds - from.epochMilliseconds;
    const isLast = index === spans.length - 1;
    const end = isLast || length > left ? from.add({ milliseconds: left }) : to;
    if (end.epochMilliseconds > from.epochMilliseconds) kept.push({ from, to: end });
    left -= length;
  }
  return kept;
}
