/**
 * What rules of the service desk ask: when they look at a ticket, and of which tickets they are; and the tickets as they see them, now and in the past.
 * Owns no table.
 */
export { ruleConditionsModule } from './rule-conditions-module.ts';
export { type Condition } from './condition-input.ts';
export {
  CHANGED_FIELDS,
  conditionsSchema,
  triggerSchema,
  type ChangedField,
  type RuleCriteria,
  type Trigger,
} from './criteria-input.ts';
export { evaluateRule, judge, waitsFor, type Check, type Verdict } from './evaluate-rule.ts';
export { FactsQueries } from './facts-queries.ts';
export { MomentQueries } from './moment-queries.ts';
export { PastQueries } from './past-queries.ts';
export { asksForHours, RuleSurroundings } from './rule-surroundings.ts';
export { nextOccurrence } from './schedule.ts';
export type { Circumstances, RuleEvent, TicketFacts } from './ticket-facts.ts';
export type { PastLine, PastWords, TicketPast } from './ticket-past.ts';
export { dueOf, timeOccurrence, type Moments } from './time-due.ts';
