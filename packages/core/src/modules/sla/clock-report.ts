import { InvalidInputError } from '#kernel/errors';
import { HORIZON_YEARS, type CalendarReason } from './business-calendar.ts';
import { durationOf, instantAt, nanosecondsOf } from './exact-time.ts';
import { calendarOf, clockState, dueAt, type ClockState, type SlaClock, type Stretch } from './sla-clock.ts';
import type { Regime, SlaRules } from './sla-policy.ts';
import { advanceTicketClocks, regimeNow, type TicketClocks } from './ticket-clocks.ts';

/** Why a stretch of a clock's time counted, or did not. */
export type SpanReason = CalendarReason | 'paused' | 'no-target' | 'resolved';

export interface SpanReport {
  readonly from: string;
  readonly to: string;
  readonly counted: boolean;
  readonly reason: SpanReason;
}

/** One clock as it is read. Instants are ISO 8601 in UTC, lengths ISO 8601 in hours, minutes and seconds. */
export interface ClockReport {
  readonly state: ClockState;
  readonly dueAt: string | null;
  readonly metAt: string | null;
  /** Null for a clock that never had a target. */
  readonly consumed: string | null;
  /** Budget less consumed, below nothing after a late end; null without a target. */
  readonly remaining: string | null;
  /** From the start of the clock to its end, or until it was asked, without gap; empty for one that never had a target. */
  readonly spans: readonly SpanReport[];
  /** Why a running clock has no `dueAt`. */
  readonly dueReason?: string;
}

/** One wait of the client for an answer; `to` is null while it waits. */
export interface CycleReport {
  readonly from: string;
  readonly to: string | null;
  readonly state: ClockState;
  readonly consumed: string | null;
}

export interface TicketReport {
  readonly response: ClockReport;
  readonly update: ClockReport & { readonly cycles: readonly CycleReport[] };
  readonly resolution: ClockReport;
}

const NOTHING: ClockReport = { state: 'none', dueAt: null, metAt: null, consumed: null, remaining: null, spans: [] };

/** The report of a ticket that is not there yet. */
export const REPORT_BEFORE_CREATION: TicketReport = {
  response: NOTHING,
  update: { ...NOTHING, cycles: [] },
  resolution: NOTHING,
};

/** All clocks of a ticket as of an instant at or after its last event. Throws `sla.too-long` for a timeline that nobody could read. */
export function reportTicket(rules: SlaRules, clocks: TicketClocks, asOf: Temporal.Instant): TicketReport {
  const now = advanceTicketClocks(rules, clocks, asOf);
  const update = regimeNow(rules, now, 'update');
  const latest = now.updates.at(-1);
  return {
    response: reportClock(rules, now.response, regimeNow(rules, now, 'response'), now.at),
    update: {
      ...(latest === undefined ? NOTHING : reportClock(rules, latest, update, now.at)),
      cycles: now.updates.map((clock) => reportCycle(clock, update)),
    },
    resolution: reportClock(rules, now.resolution, regimeNow(rules, now, 'resolution'), now.at),
  };
}

function reportClock(rules: SlaRules, clock: SlaClock, regime: Regime, at: Temporal.Instant): ClockReport {
  const state = clockState(clock, regime);
  const due = state === 'none' ? null : dueAt(rules, clock, regime, at);
  return {
    state,
    dueAt: due?.toString() ?? null,
    metAt: state !== 'none' && clock.end?.kind === 'done' ? clock.end.at.toString() : null,
    consumed: consumed(clock, state),
    remaining: state === 'none' ? null : remaining(clock, regime),
    spans: hadTarget(clock) ? spansOf(rules, clock.stretches) : [],
    ...(state === 'running' && due === null ? { dueReason: NOT_IN_REACH } : {}),
  };
}

const NOT_IN_REACH = `not used up within ${HORIZON_YEARS} years`;

function reportCycle(clock: SlaClock, regime: Regime): CycleReport {
  const state = clockState(clock, regime);
  return {
    from: clock.startedAt.toString(),
    to: clock.end?.at.toString() ?? null,
    state,
    consumed: consumed(clock, state),
  };
}

function consumed(clock: SlaClock, state: ClockState): string | null {
  return state === 'none' && !hadTarget(clock) ? null : clock.consumed.toString();
}

function hadTarget({ stretches }: SlaClock): boolean {
  return stretches.some(({ condition }) => condition === 'counting' || condition === 'paused');
}

function remaining(clock: SlaClock, { target }: Regime): string | null {
  const current = target === null ? null : target.budget;
  const budget = clock.end === null ? current : clock.end.budget === null ? null : nanosecondsOf(clock.end.budget);
  return budget === null ? null : durationOf(budget - nanosecondsOf(clock.consumed)).toString();
}

/** A century of two windows a day fits; more is nothing that anybody reads. */
const MAX_SPANS = 200_000;

function spansOf(rules: SlaRules, stretches: readonly Stretch[]): SpanReport[] {
  const spans: { from: bigint; to: bigint; reason: SpanReason }[] = [];
  for (const stretch of stretches)
    for (const span of expanded(rules, stretch)) {
      const last = spans.at(-1);
      if (last !== undefined && last.reason === span.reason) last.to = span.to;
      else if (spans.length < MAX_SPANS) spans.push({ ...span });
      else throw new InvalidInputError('sla.too-long', `A timeline has more than ${MAX_SPANS} spans.`);
    }
  let end = spans[0] === undefined ? '' : instantAt(spans[0].from).toString();
  return spans.map(({ to, reason }) => {
    const from = end;
    end = instantAt(to).toString();
    return { from, to: end, counted: reason === 'business-hours' || reason === '24x7', reason };
  });
}

function* expanded(
  rules: SlaRules,
  { from, to, condition, calendar }: Stretch,
): Generator<{ from: bigint; to: bigint; reason: SpanReason }> {
  const [start, end] = [from.epochNanoseconds, to.epochNanoseconds];
  if (condition === 'counting' && calendar !== null) yield* calendarOf(rules, calendar).spans(start, end);
  else yield { from: start, to: end, reason: condition === 'counting' ? 'no-target' : condition };
}
