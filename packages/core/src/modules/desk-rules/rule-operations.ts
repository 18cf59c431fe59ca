import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { type DryRun, dryRunInput, startDryRunInput } from './dry-run.ts';
import { createRuleInput, updateRuleInput } from './rule-input.ts';
import { type RuleQueries, explainRuleInput, listDryRunHitsInput, listRunsInput } from './rule-queries.ts';
import { checkView, dryRunHitView, dryRunView, ruleView, runView } from './rules-view.ts';
import { type SaveRule, orderRulesInput, removeRuleInput, savedRuleView, setRuleActiveInput } from './save-rule.ts';

interface Needs {
  readonly queries: RuleQueries;
  readonly save: SaveRule;
  readonly dryRun: DryRun;
}

const READ = 'desk-rules.read-rules';
const MANAGE = 'desk-rules.manage-rules';

/** What staff do with rules. */
export function ruleOperations({ queries, save, dryRun }: Needs) {
  return {
    listRules: defineQuery({
      name: 'desk-rules.list-rules',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(ruleView) }),
      rest: { method: 'GET', path: '/desk-rules', summary: 'The rules of the service desk, in their order' },
      run: async (scope) => ({ items: await queries.list(scope) }),
    }),
    createRule: defineCommand({
      name: 'desk-rules.create-rule',
      permission: MANAGE,
      input: createRuleInput,
      output: savedRuleView,
      rest: { method: 'POST', path: '/desk-rules', summary: 'Make a rule' },
      run: (scope, input) => save.create(scope, input),
    }),
    updateRule: defineCommand({
      name: 'desk-rules.update-rule',
      permission: MANAGE,
      input: updateRuleInput,
      output: savedRuleView,
      rest: { method: 'PUT', path: '/desk-rules/{ruleId}', summary: 'Change a rule' },
      run: (scope, input) => save.update(scope, input),
    }),
    setRuleActive: defineCommand({
      name: 'desk-rules.set-rule-active',
      permission: MANAGE,
      input: setRuleActiveInput,
      output: savedRuleView,
      rest: { method: 'POST', path: '/desk-rules/{ruleId}/active', summary: 'Switch a rule on or off' },
      run: (scope, input) => save.setActive(scope, input),
    }),
    orderRules: defineCommand({
      name: 'desk-rules.order-rules',
      permission: MANAGE,
      input: orderRulesInput,
      output: z.object({}),
      rest: { method: 'PUT', path: '/desk-rule-order', summary: 'Change the order of rules' },
      run: async (scope, input) => {
        await save.order(scope, input);
        return {};
      },
    }),
    removeRule: defineCommand({
      name: 'desk-rules.remove-rule',
      permission: MANAGE,
      input: removeRuleInput,
      output: z.object({}),
      rest: { method: 'DELETE', path: '/desk-rules/{ruleId}', summary: 'Remove a rule' },
      run: async (scope, input) => {
        await save.remove(scope, input);
        return {};
      },
    }),
    explainRule: defineQuery({
      name: 'desk-rules.explain-rule',
      permission: READ,
      input: explainRuleInput,
      output: z.object({ matches: z.boolean(), checks: z.array(checkView) }),
      rest: {
        method: 'GET',
        path: '/desk-rules/{ruleId}/tickets/{ticketId}',
        summary: 'How a rule’s conditions stand on a ticket',
      },
      run: async (scope, input) => {
        const { matches, checks } = await queries.explain(scope, input);
        return { matches, checks: checks.map((check) => ({ ...check, wanted: [...check.wanted] })) };
      },
    }),
    listRuns: defineQuery({
      name: 'desk-rules.list-runs',
      permission: READ,
      input: listRunsInput,
      output: pageOf(runView),
      rest: { method: 'GET', path: '/desk-rule-runs', summary: 'What rules did and why, newest first' },
      run: (scope, input) => queries.runs(scope, input),
    }),
    startDryRun: defineCommand({
      name: 'desk-rules.start-dry-run',
      permission: MANAGE,
      input: startDryRunInput,
      output: z.object({ dryRunId: idSchema('desk-dry-run') }),
      rest: { method: 'POST', path: '/desk-dry-runs', summary: 'Say what a rule would have done' },
      run: (scope, input) => dryRun.start(scope, input),
    }),
    getDryRun: defineQuery({
      name: 'desk-rules.get-dry-run',
      permission: MANAGE,
      input: dryRunInput,
      output: dryRunView,
      rest: { method: 'GET', path: '/desk-dry-runs/{dryRunId}', summary: 'How a dry run stands' },
      run: (scope, input) => queries.dryRun(scope, input.dryRunId),
    }),
    cancelDryRun: defineCommand({
      name: 'desk-rules.cancel-dry-run',
      permission: MANAGE,
      input: dryRunInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/desk-dry-runs/{dryRunId}/cancel', summary: 'Cancel a dry run' },
      run: async (scope, input) => {
        await dryRun.cancel(scope, input.dryRunId);
        return {};
      },
    }),
    listDryRunHits: defineQuery({
      name: 'desk-rules.list-dry-run-hits',
      permission: MANAGE,
      input: listDryRunHitsInput,
      output: pageOf(dryRunHitView),
      rest: { method: 'GET', path: '/desk-dry-runs/{dryRunId}/tickets', summary: 'The tickets of a dry run' },
      run: (scope, input) => queries.hits(scope, input),
    }),
  };
}
