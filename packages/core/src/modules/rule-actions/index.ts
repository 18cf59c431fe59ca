/**
 * What rules of the service desk do: what an action would do to a ticket, and doing it through the use cases that people use.
 * Owns no table.
 */
export { ruleActionsModule } from './rule-actions-module.ts';
export { actionSchema, type Action } from './action-input.ts';
export type { ActionOutcome } from './action-outcome.ts';
export { ApplyActions } from './apply-actions.ts';
export {
  changesFields,
  doesSomething,
  factsAfter,
  planActions,
  settingOf,
  type PlannedAction,
} from './plan-actions.ts';
