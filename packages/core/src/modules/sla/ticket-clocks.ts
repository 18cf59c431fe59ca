import { z } from 'zod';
import type { CreatedEvent, SlaEvent } from './sla-event.ts';
import { advanceClock, endClock, reopenClock, settleClock, slaClock, startClock, type SlaClock } from './sla-clock.ts';
import { regimeOf, type Measure, type Regime, type SlaRules } from './sla-policy.ts';

const shape = {
  /** Until when all time has been taken in. */
  at: z.string().transform((value) => Temporal.Instant.from(value)),
  policy: z.string().nullable(),
  priority: z.string(),
  status: z.string(),
  isResolved: z.boolean(),
  isMerged: z.boolean(),
  /** Ids of calendars that policies name, and of those that count in their place. */
  replacedCalendars: z.array(z.object({ from: z.string(), to: z.string() })),
  response: slaClock,
  resolution: slaClock,
  /** One for each first unanswered client reply, in order; only the last can be open. */
  updates: z.array(slaClock),
};

/** The clocks of one ticket and what of the ticket they look at, as of the last event. Written as JSON and read by this schema, it goes on unchanged. */
export const ticketClocks = z.object({
  ...shape,
  /** What a merged ticket goes on with where the merge is taken back. */
  beforeMerge: z.object(shape).nullable().default(null),
});
export type TicketClocks = z.output<typeof ticketClocks>;

/** The clocks of a ticket at its creation, under the policy that was chosen for it, or none. */
export function startTicketClocks(rules: SlaRules, policy: string | null, created: CreatedEvent): TicketClocks {
  return settle(rules, {
    at: created.at,
    policy,
    ...created.value,
    isResolved: false,
    isMerged: false,
    replacedCalendars: [],
    response: startClock(created.at),
    resolution: startClock(created.at),
    updates: [],
    beforeMerge: null,
  });
}

/** Takes in the next event. Events must come in the order of time, those of one instant in their own; a merged ticket hears nothing but that it is not merged any more. */
export function applyEvent(rules: SlaRules, clocks: TicketClocks, event: SlaEvent): TicketClocks {
  if (clocks.isMerged) return event.type === 'unmerged' ? unmerge(rules, clocks, event.at) : clocks;
  return settle(rules, changed(rules, advanceTicketClocks(rules, clocks, event.at), event));
}

/** Lets time pass in which nothing happened. */
export function advanceTicketClocks(rules: SlaRules, clocks: TicketClocks, to: Temporal.Instant): TicketClocks {
  if (clocks.isMerged) return clocks;
  const next = eachClock(rules, clocks, (clock, regime) => advanceClock(rules, clock, regime, [clocks.at, to]));
  return { ...next, at: to };
}

/** What holds now for one of a ticket's clocks. */
export function regimeNow(rules: SlaRules, clocks: TicketClocks, measure: Measure): Regime {
  const policy = clocks.policy === null ? undefined : rules.policies.get(clocks.policy);
  const { target, isPaused } = regimeOf(policy, clocks, measure);
  if (target === null) return { target, isPaused };
  const replaced = clocks.replacedCalendars.find(({ from }) => from === target.calendar);
  return { target: { ...target, calendar: replaced?.to ?? target.calendar }, isPaused };
}

function settle(rules: SlaRules, clocks: TicketClocks): TicketClocks {
  return eachClock(rules, clocks, (clock, regime) => settleClock(clock, regime, clocks.at));
}

function changed(rules: SlaRules, clocks: TicketClocks, event: SlaEvent): TicketClocks {
  switch (event.type) {
    case 'created':
    // Who works on a ticket is between the teams: what was promised to the client stands.
    case 'team':
    case 'ola':
      return clocks;
    case 'status':
      return { ...clocks, status: event.value };
    case 'priority':
      return { ...clocks, priority: event.value };
    case 'policy':
      return { ...clocks, policy: event.value };
    case 'calendar':
      return { ...clocks, replacedCalendars: replace(clocks.replacedCalendars, event.value) };
    case 'client-reply':
      return startUpdate(clocks);
    case 'public-reply':
      return end(rules, clocks, ['response', 'update']);
    case 'resolved':
      return { ...end(rules, clocks, ['response', 'update', 'resolution']), isResolved: true };
    case 'reopened':
      return reopen(clocks, event.value);
    case 'merged': {
      const { beforeMerge: _, ...known } = clocks;
      const ended = end(rules, clocks, ['response', 'update', 'resolution'], 'merged');
      return { ...ended, isMerged: true, beforeMerge: known };
    }
    // Only a merged ticket can hear it.
    case 'unmerged':
      return clocks;
  }
}

/** The time in between counts as it would have: nothing else was heard. */
function unmerge(rules: SlaRules, clocks: TicketClocks, at: Temporal.Instant): TicketClocks {
  if (clocks.beforeMerge === null) return clocks;
  return settle(rules, advanceTicketClocks(rules, { ...clocks.beforeMerge, beforeMerge: null }, at));
}

function startUpdate(clocks: TicketClocks): TicketClocks {
  const last = clocks.updates.at(-1);
  if (clocks.isResolved || last?.end === null) return clocks;
  return { ...clocks, updates: [...clocks.updates, startClock(clocks.at)] };
}

function reopen(clocks: TicketClocks, status: string): TicketClocks {
  return { ...clocks, status, isResolved: false, resolution: reopenClock(clocks.resolution, clocks.at) };
}

function end(
  rules: SlaRules,
  clocks: TicketClocks,
  measures: readonly Measure[],
  kind: 'done' | 'merged' = 'done',
): TicketClocks {
  return eachClock(rules, clocks, (clock, regime, measure) =>
    measures.includes(measure) ? endClock(rules, clock, regime, { at: clocks.at, kind }) : clock,
  );
}

/** Whatever was counted by `from` until now is counted by `to`, also where `from` itself stands in for another. */
function replace(known: TicketClocks['replacedCalendars'], next: { from: string; to: string }) {
  const moved = known.map((one) => (one.to === next.from ? { ...one, to: next.to } : one));
  return known.some(({ from }) => from === next.from) ? moved : [...moved, { ...next }];
}

/** Changes each clock that may still be open. */
function eachClock(
  rules: SlaRules,
  clocks: TicketClocks,
  change: (clock: SlaClock, regime: Regime, measure: Measure) => SlaClock,
): TicketClocks {
  const next = (clock: SlaClock, measure: Measure): SlaClock =>
    clock.end === null ? change(clock, regimeNow(rules, clocks, measure), measure) : clock;
  const last = clocks.updates.at(-1);
  return {
    ...clocks,
    response: next(clocks.response, 'response'),
    resolution: next(clocks.resolution, 'resolution'),
    updates: last === undefined ? clocks.updates : [...clocks.updates.slice(0, -1), next(last, 'update')],
  };
}
