import { openClocks } from './clock-outcomes.ts';
import { instantAt, nanosecondsOf } from './exact-time.ts';
import { calendarOf, dueAt, type SlaClock } from './sla-clock.ts';
import type { Measure, Regime, SlaRules } from './sla-policy.ts';
import { regimeNow, type TicketClocks } from './ticket-clocks.ts';

/** The highest percentage of each clock that was warned of, by the clock's measure and start. */
export type Warned = Readonly<Record<string, number>>;

/** A clock that came to a percentage of its budget. */
export interface Crossing {
  readonly measure: Measure;
  readonly clockFrom: Temporal.Instant;
  readonly percent: number;
  readonly dueAt: Temporal.Instant | null;
}

const MICROSECOND = 1000n;

/** By what a clock's warnings are told apart: each wait for an answer has its own. */
export function warningKey(measure: Measure, clock: Pick<SlaClock, 'startedAt'>): string {
  return `${measure}@${clock.startedAt.toString()}`;
}

/**
 * When the next of these percentages is reached by a clock that runs, if nothing more happens: in the time that counts for it. A hundred percent is the first instant at which the promise is
 * broken. Null while everything is paused, done, or warned of.
 */
export function nextWarning(
  rules: SlaRules,
  clocks: TicketClocks,
  percents: readonly number[],
  warned: Warned,
): Temporal.Instant | null {
  const times = openClocks(clocks).flatMap(({ measure, clock }) => {
    const regime = regimeNow(rules, clocks, measure);
    const next = missing(percents, warned[warningKey(measure, clock)]).toSorted((a, b) => a - b)[0];
    return next === undefined || regime.isPaused ? [] : [reached(rules, clocks.at, { clock, regime }, next)];
  });
  return times.filter((at) => at !== null).toSorted((a, b) => Temporal.Instant.compare(a, b))[0] ?? null;
}

/** What clocks have come to and nobody was warned of, as of the instant that they were brought to: of each clock the highest percentage alone. */
export function crossingsOf(
  rules: SlaRules,
  clocks: TicketClocks,
  percents: readonly number[],
  warned: Warned,
): Crossing[] {
  return openClocks(clocks).flatMap(({ measure, clock }) => {
    const regime = regimeNow(rules, clocks, measure);
    if (regime.target === null || regime.isPaused) return [];
    const highest = missing(percents, warned[warningKey(measure, clock)])
      .filter((percent) => isReached(clock, regime, percent))
      .toSorted((a, b) => b - a)[0];
    if (highest === undefined) return [];
    return [{ measure, clockFrom: clock.startedAt, percent: highest, dueAt: dueAt(rules, clock, regime, clocks.at) }];
  });
}

/** `warned` with these crossings, and without clocks that ended. */
export function afterWarning(clocks: TicketClocks, warned: Warned, crossings: readonly Crossing[]): Warned {
  const keys = new Set(openClocks(clocks).map(({ measure, clock }) => warningKey(measure, clock)));
  // The resolution's clock may be opened again, and is then the same.
  keys.add(warningKey('resolution', clocks.resolution));
  const told = crossings.map(({ measure, clockFrom, percent }) => [
    warningKey(measure, { startedAt: clockFrom }),
    percent,
  ]);
  return {
    ...Object.fromEntries(Object.entries(warned).filter(([key]) => keys.has(key))),
    ...Object.fromEntries(told),
  };
}

function missing(percents: readonly number[], warned = 0): number[] {
  return percents.filter((percent) => percent > warned);
}

function isReached(clock: SlaClock, { target }: Regime, percent: number): boolean {
  if (target === null) return false;
  if (percent === 100) return clock.breachedAt !== null;
  return nanosecondsOf(clock.consumed) * 100n >= target.budget * BigInt(percent);
}

function reached(
  rules: SlaRules,
  at: Temporal.Instant,
  { clock, regime }: { clock: SlaClock; regime: Regime },
  percent: number,
): Temporal.Instant | null {
  if (regime.target === null) return null;
  if (isReached(clock, regime, percent)) return at;
  if (percent === 100) {
    const due = dueAt(rules, clock, regime, at);
    return due === null ? null : instantAt(due.epochNanoseconds + MICROSECOND);
  }
  const wanted = (regime.target.budget * BigInt(percent) + 99n) / 100n - nanosecondsOf(clock.consumed);
  const found = calendarOf(rules, regime.target.calendar).reach(at.epochNanoseconds, wanted);
  // The database keeps microseconds, and what is looked at a moment early has not happened.
  return found === null ? null : instantAt(((found + MICROSECOND - 1n) / MICROSECOND) * MICROSECOND);
}
