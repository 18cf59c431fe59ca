import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { fieldComparison } from '#modules/desk-fields';
import { TICKET_SOURCES, TICKET_STATUSES, TICKET_TYPES } from '#modules/tickets';

const MAX_VALUES = 100;

const presence = z.enum(['is', 'is-not', 'is-empty', 'is-set']);

/** A word or a few, compared as words: whoever writes `.*` or `^re` means a pattern, which would match as no person expects. */
const wordsSchema = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(100, { error: 'must have at most 100 characters' })
  .refine((value) => !/[\p{Cc}]/u.test(value) && value.isWellFormed(), { error: 'must be plain text' })
  .refine((value) => /[\p{L}\p{N}]/u.test(value), { error: 'must have a letter or a digit' })
  .refine((value) => !/^\/.*\/[a-z]*$|\.[*+?]|\\[bdswBDSW]|\[[^\]]*\][*+?]|^\^|\$$|\([^)]*\|[^)]*\)/u.test(value), {
    error: 'must be words: patterns (regular expressions) are not understood',
  });

/** A field that points at something, and may point at nothing. */
function reference<const Field extends string, const Entity extends string>(field: Field, entity: Entity) {
  return z
    .object({
      field: z.literal(field),
      op: presence,
      values: z
        .array(idSchema(entity))
        .max(MAX_VALUES, { error: `must be at most ${MAX_VALUES}` })
        .default([]),
    })
    .refine((condition) => needsValues(condition.op) === condition.values.length > 0, {
      path: ['values'],
      error: (issue) => wrongCount(issue.input),
    });
}

function choice<const Field extends string, Value extends z.ZodType>(field: Field, value: Value) {
  return z.object({
    field: z.literal(field),
    op: z.enum(['is', 'is-not']),
    values: z.array(value).min(1, { error: 'must name at least one' }).max(MAX_VALUES),
  });
}

function yesNo<const Field extends string>(field: Field) {
  return z.object({ field: z.literal(field), op: z.literal('is'), value: z.boolean() });
}

function words<const Field extends string>(field: Field) {
  return z.object({
    field: z.literal(field),
    op: z.enum(['has-any', 'has-all', 'has-none']),
    values: z.array(wordsSchema).min(1, { error: 'must name at least one' }).max(MAX_VALUES),
  });
}

function needsValues(op: string): boolean {
  return op !== 'is-empty' && op !== 'is-set';
}

function wrongCount(input: unknown): string {
  return (input as { values?: unknown[] }).values?.length === 0
    ? 'must name at least one'
    : 'must be left empty for is-empty and is-set';
}

/** How the next promise of a ticket stands: nothing promised or open, running, or broken. */
export const SLA_STATES = ['none', 'running', 'breached'] as const;

/** One condition: a field, an operator that fits its type, and what it is compared with. */
export const conditionSchema = z.discriminatedUnion('field', [
  reference('queue', 'ticket-queue'),
  reference('team', 'team'),
  reference('assignee', 'staff'),
  z
    .object({
      field: z.literal('category'),
      /** `under`: the category itself, or any below it. */
      op: z.enum([...presence.options, 'under', 'not-under']),
      values: z
        .array(idSchema('desk-category'))
        .max(MAX_VALUES, { error: `must be at most ${MAX_VALUES}` })
        .default([]),
    })
    .refine((condition) => needsValues(condition.op) === condition.values.length > 0, {
      path: ['values'],
      error: (issue) => wrongCount(issue.input),
    }),
  reference('client', 'client'),
  reference('client-group', 'client-group'),
  reference('contact', 'contact'),
  choice('status', z.enum(TICKET_STATUSES)),
  choice('priority', z.int().min(1).max(4)),
  choice('type', z.enum(TICKET_TYPES)),
  choice('source', z.enum(TICKET_SOURCES)),
  choice('sla', z.enum(SLA_STATES)),
  yesNo('vip'),
  yesNo('reply-awaited'),
  words('subject'),
  words('body'),
  words('subject-or-body'),
  /** A custom field. What it can be compared with is known only with its type, and judged when the rule is kept. */
  z.object({ field: z.literal('custom'), ...fieldComparison }),
  z.object({
    field: z.literal('hours'),
    op: z.enum(['inside', 'outside']),
    /** Whose working hours. */
    value: idSchema('sla-calendar'),
  }),
]);
/** One condition, read. */
export type Condition = z.output<typeof conditionSchema>;
