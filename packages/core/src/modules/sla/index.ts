/**
 * SLA clocks: what counts as working time, what was promised, and when a promise is due, met or broken, with the timeline that shows why.
 * Owns: all tables whose names begin with `sla_`.
 * Publishes: `sla.rules-changed`, `sla.target-warned`.
 */
export { slaModule } from './sla-module.ts';
export { slaRulesChanged } from './rules-changed.ts';
export { TicketSla, type PastOf, type SlaChange, type SlaHappening } from './ticket-sla.ts';
export {
  openPromiseView,
  TicketSlaQueries,
  ticketSlaView,
  type OpenPromiseView,
  type TicketSlaView,
} from './ticket-sla-queries.ts';
export { BusinessHours, calendarHours, type CalendarHours, type HoursSpan } from './business-hours.ts';
export { BusinessCalendar } from './business-calendar.ts';
export { calendarSchema, type CalendarDefinition } from './calendar-input.ts';
export type { SlaEvent } from './sla-event.ts';
export type { StoredPolicy as PolicySteps } from './definition-input.ts';
export type { SlaCalendarId, SlaPolicyVersionId } from './sla-table.ts';
export { percentsOf, type SlaRules } from './sla-policy.ts';
export { advanceTicketClocks, ticketClocks } from './ticket-clocks.ts';
export { outcomesOf, type Verdict } from './clock-outcomes.ts';
export { afterWarning, crossingsOf, nextWarning, type Warned } from './warning-schedule.ts';
export { RuleBook } from './rule-book.ts';
export { rulesEvents } from './rules-events.ts';
export { TeamChoices, type TeamOla } from './team-choices.ts';
export {
  applyTeamEvent,
  openStay,
  reportStay,
  startTeamHistory,
  teamWork,
  type TeamHistory,
  type TeamStay,
  type TeamWork,
} from './team-stays.ts';
export { clockView } from './ticket-sla-queries.ts';
export { KnownQueuesToken } from './known-queues-token.ts';
export type { KnownQueues } from './sla-needs.ts';
export { slaTargetWarned } from './target-warned.ts';
export { WarningQueries, type Warning } from './warning-queries.ts';
export { ReplayTickets, type JudgedTwice } from './replay-tickets.ts';
export { readHolidayFeed, readHolidaysView } from './holiday-feed.ts';
export { updateCalendarInput, type CalendarHoliday } from './definition-input.ts';
export { SlaCalendars } from './sla-calendars.ts';
