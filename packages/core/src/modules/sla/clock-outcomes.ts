import { nanosecondsOf } from './exact-time.ts';
import { clockState, dueAt, type SlaClock } from './sla-clock.ts';
import type { Measure, SlaRules } from './sla-policy.ts';
import { regimeNow, type TicketClocks } from './ticket-clocks.ts';

/** `open` is running or paused: whether it is broken by now depends on its due instant and on when one asks. */
export type Verdict = 'none' | 'open' | 'met' | 'breached';

/** How one promise stands as of the ticket's last event. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly dueAt: Temporal.Instant | null;
  /** When what it waited for happened, also where nothing was promised. */
  readonly endedAt: Temporal.Instant | null;
  /** Counted time, in whole seconds. */
  readonly seconds: number;
}

export interface Outcomes {
  readonly response: Outcome;
  readonly resolution: Outcome;
  /** The worst of all cycles. */
  readonly update: Outcome & { readonly cycles: number; readonly breaches: number };
}

/** The verdicts of a ticket's clocks, as reports count them. */
export function outcomesOf(rules: SlaRules, clocks: TicketClocks): Outcomes {
  const updates = clocks.updates.map((clock) => outcomeOf(rules, clocks, clock, 'update'));
  const broken = updates.filter(({ verdict }) => verdict === 'breached');
  const last = updates.at(-1) ?? NOTHING;
  const met = updates.findLast(({ verdict }) => verdict === 'met');
  return {
    response: outcomeOf(rules, clocks, clocks.response, 'response'),
    resolution: outcomeOf(rules, clocks, clocks.resolution, 'resolution'),
    update: {
      ...(broken[0] ?? (last.verdict === 'none' ? (met ?? last) : last)),
      cycles: updates.filter(({ verdict }) => verdict !== 'none').length,
      breaches: broken.length,
    },
  };
}

/** When the first clock that still waits is due, or was breached. */
export function nextBreach(rules: SlaRules, clocks: TicketClocks): Temporal.Instant | null {
  const due = openClocks(clocks)
    .map(({ measure, clock }) => dueAt(rules, clock, regimeNow(rules, clocks, measure), clocks.at))
    .filter((at) => at !== null);
  return due.toSorted((one, other) => Temporal.Instant.compare(one, other))[0] ?? null;
}

/** The clocks that still wait for something. */
export function openClocks(clocks: TicketClocks): { readonly measure: Measure; readonly clock: SlaClock }[] {
  const last = clocks.updates.at(-1);
  return [
    { measure: 'response' as const, clock: clocks.response },
    ...(last === undefined ? [] : [{ measure: 'update' as const, clock: last }]),
    { measure: 'resolution' as const, clock: clocks.resolution },
  ].filter(({ clock }) => clock.end === null);
}

const NOTHING: Outcome = { verdict: 'none', dueAt: null, endedAt: null, seconds: 0 };

function outcomeOf(rules: SlaRules, clocks: TicketClocks, clock: SlaClock, measure: Measure): Outcome {
  const regime = regimeNow(rules, clocks, measure);
  const state = clockState(clock, regime);
  return {
    verdict: state === 'running' || state === 'paused' ? 'open' : state,
    dueAt: state === 'none' ? null : dueAt(rules, clock, regime, clocks.at),
    endedAt: clock.end?.kind === 'done' ? clock.end.at : null,
    seconds: Number(nanosecondsOf(clock.consumed) / 1_000_000_000n),
  };
}
