import { BusinessCalendar, ROUND_THE_CLOCK, roundTheClock, type WorkingTime } from './business-calendar.ts';
import { REPORT_BEFORE_CREATION, reportTicket, type TicketReport } from './clock-report.ts';
import type { ReplayInput, SlaCase } from './replay-input.ts';
import type { SlaRules } from './sla-policy.ts';
import { applyEvent, startTicketClocks, type TicketClocks } from './ticket-clocks.ts';

/** Calendars and policies, ready to judge by. One for many cases: what a calendar has worked out once serves them all. */
export function makeSlaRules({ calendars, policies }: Pick<ReplayInput, 'calendars' | 'policies'>): SlaRules {
  const byId = calendars.map(({ id, ...calendar }): [string, WorkingTime] => [
    id,
    new BusinessCalendar({ id, ...calendar }),
  ]);
  return {
    calendars: new Map([[ROUND_THE_CLOCK, roundTheClock], ...byId]),
    policies: new Map(policies.map((policy) => [policy.id, policy])),
  };
}

/** A ticket's clocks as of the case's instant: events of that instant have happened, later ones not yet. */
export function replayCase(rules: SlaRules, { policy, events, asOf }: SlaCase): TicketReport {
  let clocks: TicketClocks | undefined;
  for (const event of events) {
    if (Temporal.Instant.compare(event.at, asOf) > 0) break;
    if (event.type === 'created') clocks = startTicketClocks(rules, policy, event);
    else if (clocks !== undefined) clocks = applyEvent(rules, clocks, event);
  }
  return clocks === undefined ? REPORT_BEFORE_CREATION : reportTicket(rules, clocks, asOf);
}
