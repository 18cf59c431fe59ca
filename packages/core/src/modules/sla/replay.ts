import { BusinessCalendar, ROUND_THE_CLOCK, roundTheClock, type WorkingTime } from './business-calendar.ts';
import { REPORT_BEFORE_CREATION, reportTicket, type TicketReport } from './clock-report.ts';
import type { ReplayInput, SlaCase } from './replay-input.ts';
import type { SlaRules } from './sla-policy.ts';
import { applyTeamEvent, reportStay, startTeamHistory, type StayReport, type TeamHistory } from './team-stays.ts';
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

/** What a replay says of a ticket. */
export interface ReplayReport extends TicketReport {
  /** Its stays with teams, in order; only where the case tells of a team or of an OLA. */
  readonly teams?: readonly StayReport[];
}

/** A ticket's clocks as of the case's instant: events of that instant have happened, later ones not yet. */
export function replayCase(rules: SlaRules, one: SlaCase): ReplayReport {
  const { policy, events, asOf } = one;
  let clocks: TicketClocks | undefined;
  let history: TeamHistory | undefined;
  const ofTeam = new Map(one.teamPolicies.map(({ team, policy: ola }) => [team, ola]));
  for (const event of events) {
    if (Temporal.Instant.compare(event.at, asOf) > 0) break;
    if (event.type === 'created') {
      clocks = startTicketClocks(rules, policy, event);
      history = startTeamHistory(event);
    } else if (clocks !== undefined && history !== undefined) {
      clocks = applyEvent(rules, clocks, event);
      history = applyTeamEvent(rules, history, event, (team) => ofTeam.get(team) ?? null);
    }
  }
  const report = clocks === undefined ? REPORT_BEFORE_CREATION : reportTicket(rules, clocks, asOf);
  if (!tellsOfTeams(one)) return report;
  return { ...report, teams: (history?.stays ?? []).map((stay) => reportStay(rules, stay, asOf)) };
}

function tellsOfTeams({ teamPolicies, events }: SlaCase): boolean {
  return teamPolicies.length > 0 || events.some(({ type }) => type === 'team' || type === 'ola');
}
