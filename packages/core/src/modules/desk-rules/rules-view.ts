import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { definitionSchema } from './rule-input.ts';
import { DRY_RUN_STATES } from './rules-table.ts';

/** A rule as its list and its editor show it. */
export const ruleView = z.object({
  id: idSchema('desk-rule'),
  name: z.string(),
  place: z.int(),
  isActive: z.boolean(),
  stops: z.boolean(),
  definition: definitionSchema,
  /** Why the platform switched it off; null where a person did, or it is on. */
  offReason: z.string().nullable(),
  version: z.int(),
  updatedAt: z.iso.datetime(),
  lastRanAt: z.iso.datetime().nullable(),
});
export type RuleView = z.input<typeof ruleView>;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const checkView = z.object({
  field: z.string(),
  fieldId: z.string().optional(),
  op: z.string(),
  wanted: z.array(scalar),
  value: scalar.nullable(),
  isMet: z.boolean(),
});

/** A line of the log. */
export const runView = z.object({
  id: idSchema('desk-rule-run'),
  ruleId: z.uuid(),
  ruleName: z.string(),
  ruleVersion: z.int(),
  ticketId: idSchema('ticket'),
  ticketNumber: z.int(),
  ticketSubject: z.string(),
  clientId: clientIdSchema,
  event: z.string(),
  state: z.enum(['ran', 'refused']),
  reason: z.string(),
  checks: z.array(checkView),
  actions: z.array(
    z.object({
      action: z.record(z.string(), z.unknown()),
      state: z.enum(['done', 'nothing-to-do', 'refused']),
      why: z.string(),
    }),
  ),
  depth: z.int(),
  at: z.iso.datetime(),
});
export type RunView = z.input<typeof runView>;

export const dryRunView = z.object({
  id: idSchema('desk-dry-run'),
  state: z.enum(DRY_RUN_STATES),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Tickets to look at, and looked at so far. */
  total: z.int(),
  lookedAt: z.int(),
  /** How often it would have run, and on how many tickets. */
  runs: z.int(),
  tickets: z.int(),
});
export type DryRunView = z.input<typeof dryRunView>;

export const dryRunHitView = z.object({
  ticketId: idSchema('ticket'),
  ticketNumber: z.int(),
  ticketSubject: z.string(),
  clientId: clientIdSchema,
  runs: z.int(),
  firstAt: z.iso.datetime(),
  changes: z.array(
    z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable(), why: z.string().optional() }),
  ),
});
export type DryRunHitView = z.input<typeof dryRunHitView>;
