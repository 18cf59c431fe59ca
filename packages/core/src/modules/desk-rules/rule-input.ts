import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import { actionSchema } from '#modules/rule-actions';
import { conditionsSchema, triggerSchema } from '#modules/rule-conditions';

const MAX_ACTIONS = 20;

/** What a rule is made of: when, if, then. */
export const definitionSchema = z.object({
  when: triggerSchema,
  if: conditionsSchema.default({ match: 'all', groups: [] }),
  actions: z
    .array(actionSchema)
    .min(1, { error: 'must have an action' })
    .max(MAX_ACTIONS, { error: `must have at most ${MAX_ACTIONS} actions` }),
});
export type RuleDefinition = z.output<typeof definitionSchema>;

export const ruleFields = {
  name: text({ max: 120 }),
  definition: definitionSchema,
  /** Later rules do not look at a ticket on which this one ran for the same event. */
  stops: z.boolean().default(false),
};
export const createRuleInput = z.object({ ...ruleFields, isActive: z.boolean().default(false) });
export const updateRuleInput = z.object({
  ruleId: idSchema('desk-rule'),
  version: z.int(),
  ...ruleFields,
  isActive: z.boolean(),
});
