import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { listActionsInput, type ActionCatalogue } from './action-catalogue.ts';
import { policyView, updatePolicyInput, type ActionPolicies } from './action-policies.ts';
import { APPROVE_ACTIONS, MANAGE_POLICY, READ_RUNS, RUN_ACTIONS } from './actions-policy.ts';
import { RUN_STATES } from './actions-table.ts';
import { cancelRunInput, decideRunInput, requestRunInput, type DecideRun } from './decide-run.ts';
import { planActionInput, type PlanAction } from './plan-action.ts';
import { getRunInput, listRunsInput, type RunQueries } from './run-queries.ts';
import { listActionsView, runIdView, runView, runWithApprovalsView } from './run-view.ts';
import { planUndoInput, settleRunInput, type SettleRun } from './settle-run.ts';

export interface RunNeeds {
  readonly catalogue: ActionCatalogue;
  readonly plan: PlanAction;
  readonly decide: DecideRun;
  readonly settle: SettleRun;
  readonly runs: RunQueries;
  readonly policies: ActionPolicies;
}

const moved = z.object({ state: z.enum(RUN_STATES), version: z.int() });

/** Actions: what there is, plans, approvals, and the policy. */
export function runOperations(needs: RunNeeds) {
  return { ...runReads(needs), ...runChanges(needs) };
}

function runReads(needs: RunNeeds) {
  return {
    listActions: defineQuery({
      name: 'plugin-actions.list-actions',
      permission: READ_RUNS,
      input: listActionsInput,
      output: listActionsView,
      rest: { method: 'GET', path: '/plugin-actions', summary: 'Actions that plugins offer' },
      run: (scope, input) => needs.catalogue.list(scope, input),
    }),
    listRuns: defineQuery({
      name: 'plugin-actions.list-runs',
      permission: READ_RUNS,
      input: listRunsInput,
      output: pageOf(runView),
      rest: { method: 'GET', path: '/plugin-action-runs', summary: 'Planned and finished actions, the latest first' },
      run: (scope, input) => needs.runs.list(scope, input),
    }),
    getRun: defineQuery({
      name: 'plugin-actions.get-run',
      permission: READ_RUNS,
      input: getRunInput,
      output: runWithApprovalsView,
      rest: { method: 'GET', path: '/plugin-action-runs/{runId}', summary: 'One action with who decided on it' },
      run: (scope, input) => needs.runs.get(scope, input.runId),
    }),
    getPolicy: defineQuery({
      name: 'plugin-actions.get-policy',
      permission: READ_RUNS,
      input: z.object({}),
      output: policyView,
      rest: { method: 'GET', path: '/plugin-action-policy', summary: 'Which actions need approval' },
      run: (scope) => needs.policies.get(scope),
    }),
  };
}

function runChanges(needs: RunNeeds) {
  return {
    planAction: defineCommand({
      name: 'plugin-actions.plan-action',
      permission: RUN_ACTIONS,
      input: planActionInput,
      output: runIdView,
      rest: { method: 'POST', path: '/plugin-action-runs', summary: 'Plan an action; nothing is done' },
      run: (scope, input) => needs.plan.run(scope, input),
    }),
    requestRun: defineCommand({
      name: 'plugin-actions.request-run',
      permission: RUN_ACTIONS,
      input: requestRunInput,
      output: moved,
      rest: { method: 'POST', path: '/plugin-action-runs/{runId}/request', summary: 'Have a planned action done' },
      run: (scope, input) => needs.decide.request(scope, input),
    }),
    decideRun: defineCommand({
      name: 'plugin-actions.decide-run',
      permission: APPROVE_ACTIONS,
      input: decideRunInput,
      output: moved,
      rest: { method: 'POST', path: '/plugin-action-runs/{runId}/decision', summary: 'Approve or refuse an action' },
      run: (scope, input) => needs.decide.decide(scope, input),
    }),
    cancelRun: defineCommand({
      name: 'plugin-actions.cancel-run',
      permission: RUN_ACTIONS,
      input: cancelRunInput,
      output: moved,
      rest: { method: 'POST', path: '/plugin-action-runs/{runId}/cancel', summary: 'Take back what was not begun' },
      run: (scope, input) => needs.decide.cancel(scope, input),
    }),
    settleRun: defineCommand({
      name: 'plugin-actions.settle-run',
      permission: RUN_ACTIONS,
      input: settleRunInput,
      output: z.object({}),
      rest: {
        method: 'POST',
        path: '/plugin-action-runs/{runId}/settlement',
        summary: 'Say whether an action of unknown end was done',
      },
      run: (scope, input) => needs.settle.settle(scope, input),
    }),
    planUndo: defineCommand({
      name: 'plugin-actions.plan-undo',
      permission: RUN_ACTIONS,
      input: planUndoInput,
      output: runIdView,
      rest: { method: 'POST', path: '/plugin-action-runs/{runId}/undo', summary: 'Plan to take an action back' },
      run: (scope, input) => needs.settle.planUndo(scope, input),
    }),
    updatePolicy: defineCommand({
      name: 'plugin-actions.update-policy',
      permission: MANAGE_POLICY,
      input: updatePolicyInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'PUT', path: '/plugin-action-policy', summary: 'Change which actions need approval' },
      run: (scope, input) => needs.policies.update(scope, input),
    }),
  };
}
