import { z } from 'zod';
import { durationOf, instantAt, nanosecondsOf } from './exact-time.ts';
import type { Regime, SlaRules } from './sla-policy.ts';

const instant = z.string().transform((value) => Temporal.Instant.from(value));
const duration = z.string().transform((value) => Temporal.Duration.from(value));

/** Time in which the same held for a clock; `calendar` is the one that counted, and null where none did. */
const stretch = z.object({
  from: instant,
  to: instant,
  condition: z.enum(['counting', 'paused', 'no-target', 'resolved']),
  calendar: z.string().nullable(),
});
export type Stretch = z.output<typeof stretch>;

const clockEnd = z.object({
  at: instant,
  /** `done` is what the clock waited for; `merged` is the end of the ticket. */
  kind: z.enum(['done', 'merged']),
  /** As they stood at the end. */
  dueAt: instant.nullable(),
  budget: duration.nullable(),
});

/** A clock as far as it was told of events. All that it knows is in here: written as JSON and read again, it goes on as if nothing had been. */
export const slaClock = z.object({
  startedAt: instant,
  stretches: z.array(stretch),
  consumed: duration,
  /** When the budget was used up, while that still holds. */
  usedUpAt: instant.nullable(),
  breachedAt: instant.nullable(),
  end: clockEnd.nullable(),
});
export type SlaClock = z.output<typeof slaClock>;

export type ClockState = 'none' | 'running' | 'paused' | 'met' | 'breached';

/** A clock that has not moved yet. Settle it under its regime before anything else. */
export function startClock(at: Temporal.Instant): SlaClock {
  return { startedAt: at, stretches: [], consumed: durationOf(0n), usedUpAt: null, breachedAt: null, end: null };
}

/** Lets the time from one instant to a later one pass under a regime. A clock that ended stands. */
export function advanceClock(
  rules: SlaRules,
  clock: SlaClock,
  regime: Regime,
  [from, to]: readonly [Temporal.Instant, Temporal.Instant],
): SlaClock {
  if (clock.end !== null || from.equals(to)) return clock;
  const stretches = withStretch(clock.stretches, { from, to, ...conditionOf(regime) });
  if (regime.target === null) return { ...clock, stretches };
  const before = nanosecondsOf(clock.consumed);
  const calendar = calendarOf(rules, regime.target.calendar);
  const counted = regime.isPaused ? 0n : calendar.counted(from.epochNanoseconds, to.epochNanoseconds);
  const missing = regime.target.budget - before;
  const reached = clock.usedUpAt === null && missing <= counted ? calendar.reach(from.epochNanoseconds, missing) : null;
  const usedUpAt = reached === null ? clock.usedUpAt : instantAt(reached);
  return {
    ...clock,
    stretches,
    consumed: durationOf(before + counted),
    usedUpAt,
    breachedAt: clock.breachedAt ?? (usedUpAt !== null && isBefore(usedUpAt, to) ? usedUpAt : null),
  };
}

/**
 * Looks at a clock after an event of `at` has changed what holds. A budget that is used up by now was so at `at`, never in the past; a breach it becomes only if that still holds at the next
 * instant, so that a later event of the same instant may still better it.
 */
export function settleClock(clock: SlaClock, regime: Regime, at: Temporal.Instant): SlaClock {
  if (clock.end !== null) return clock;
  const isUsedUp = regime.target !== null && nanosecondsOf(clock.consumed) >= regime.target.budget;
  return { ...clock, usedUpAt: isUsedUp ? (clock.usedUpAt ?? at) : null };
}

/** Stops a clock; one that has stopped stays as it is. */
export function endClock(
  rules: SlaRules,
  clock: SlaClock,
  regime: Regime,
  end: { readonly at: Temporal.Instant; readonly kind: 'done' | 'merged' },
): SlaClock {
  if (clock.end !== null) return clock;
  const budget = regime.target === null ? null : durationOf(regime.target.budget);
  return { ...clock, end: { ...end, budget, dueAt: dueAt(rules, clock, regime, end.at) } };
}

/** Lets a stopped clock go on with what it had consumed; if that is the whole budget, it is due now, and not when it was met. */
export function reopenClock(clock: SlaClock, at: Temporal.Instant): SlaClock {
  if (clock.end === null) return clock;
  const pause = { from: clock.end.at, to: at, condition: 'resolved' as const, calendar: null };
  return { ...clock, stretches: withStretch(clock.stretches, pause), usedUpAt: null, end: null };
}

/** What a clock is under the regime of the moment; the instant of a breach itself is not breached yet. */
export function clockState({ breachedAt, end }: SlaClock, regime: Regime): ClockState {
  if (breachedAt !== null) return 'breached';
  if (end !== null) return end.kind === 'merged' || end.budget === null ? 'none' : 'met';
  if (regime.target === null) return 'none';
  return regime.isPaused ? 'paused' : 'running';
}

/** When a clock is due as seen from `at`, until which it was advanced; null where it is paused, without a target, or nothing within reach. */
export function dueAt(rules: SlaRules, clock: SlaClock, regime: Regime, at: Temporal.Instant): Temporal.Instant | null {
  if (clock.breachedAt !== null) return clock.breachedAt;
  if (clock.end !== null) return clock.end.dueAt;
  if (regime.target === null || regime.isPaused) return null;
  if (clock.usedUpAt !== null) return clock.usedUpAt;
  const missing = regime.target.budget - nanosecondsOf(clock.consumed);
  const due = calendarOf(rules, regime.target.calendar).reach(at.epochNanoseconds, missing);
  return due === null ? null : instantAt(due);
}

/** The calendar of an id that was checked to be there. */
export function calendarOf(rules: SlaRules, id: string) {
  const calendar = rules.calendars.get(id);
  if (calendar === undefined) throw new RangeError(`There is no calendar ${id}.`);
  return calendar;
}

function conditionOf({ target, isPaused }: Regime): Pick<Stretch, 'condition' | 'calendar'> {
  if (target === null) return { condition: 'no-target', calendar: null };
  return isPaused ? { condition: 'paused', calendar: null } : { condition: 'counting', calendar: target.calendar };
}

/** Appends a stretch; one of the same kind grows instead, so that it does not matter how often a clock was looked at. */
function withStretch(stretches: readonly Stretch[], next: Stretch): Stretch[] {
  if (next.from.equals(next.to)) return [...stretches];
  const last = stretches.at(-1);
  return last !== undefined && last.condition === next.condition && last.calendar === next.calendar
    ? [...stretches.slice(0, -1), { ...last, to: next.to }]
    : [...stretches, next];
}

function isBefore(one: Temporal.Instant, other: Temporal.Instant): boolean {
  return Temporal.Instant.compare(one, other) < 0;
}
