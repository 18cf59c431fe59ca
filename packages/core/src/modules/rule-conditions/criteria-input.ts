import { z } from 'zod';
import { timeZoneSchema } from '#kernel/text';
import { TICKET_SOURCES, TICKET_STATUSES, TICKET_TYPES } from '#modules/tickets';
import { conditionSchema } from './condition-input.ts';

/** What a change can be of. Only the first three say from what and to what a rule waits for; for the others a condition says what they became. */
export const CHANGED_FIELDS = [
  'team',
  'category',
  'status',
  'priority',
  'type',
  'queue',
  'assignee',
  'subject',
  'contact',
  'client',
] as const;
/** One of `CHANGED_FIELDS`. */
export type ChangedField = (typeof CHANGED_FIELDS)[number];

/** From when the time of a rule is counted. `client-reply` and `staff-reply` only while nobody of the other side has answered; `due` counts towards the next breach. */
export const TIME_BASES = ['opened', 'status', 'client-reply', 'staff-reply', 'due'] as const;
export type TimeBasis = (typeof TIME_BASES)[number];

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const YEAR_MINUTES = 366 * 24 * 60;
const MAX_GROUPS = 10;
const MAX_CONDITIONS = 20;

const VALUES: Partial<Record<ChangedField, readonly string[]>> = {
  status: TICKET_STATUSES,
  priority: ['1', '2', '3', '4'],
  type: TICKET_TYPES,
};

const changedValues = z.array(z.string().max(40)).max(20).default([]);

const changedTrigger = z
  .object({ kind: z.literal('changed'), field: z.enum(CHANGED_FIELDS), from: changedValues, to: changedValues })
  .superRefine((trigger, context) => {
    const known = VALUES[trigger.field];
    for (const side of ['from', 'to'] as const)
      for (const [index, value] of trigger[side].entries())
        if (known === undefined || !known.includes(value))
          context.addIssue({
            code: 'custom',
            path: [side, index],
            message:
              known === undefined
                ? `must be left empty: for ${trigger.field} say in a condition what it became`
                : `must be one of ${known.join(', ')}`,
          });
  });

/** When a rule looks at a ticket. */
export const triggerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('opened'),
    /** None is every source. */
    sources: z.array(z.enum(TICKET_SOURCES)).max(TICKET_SOURCES.length).default([]),
  }),
  changedTrigger,
  z.object({
    kind: z.literal('commented'),
    by: z.enum(['client', 'staff', 'anyone']).default('anyone'),
    visibility: z.enum(['public', 'internal', 'any']).default('any'),
  }),
  z.object({
    kind: z.literal('time'),
    since: z.enum(TIME_BASES),
    /** For `due`: how long before it. */
    minutes: z.int().min(0).max(YEAR_MINUTES, { error: 'must be at most a year' }),
  }),
  z.object({
    kind: z.literal('schedule'),
    at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day such as 09:00' }),
    days: z.array(z.enum(WEEKDAYS)).min(1, { error: 'must name a day' }).max(7),
    zone: timeZoneSchema,
  }),
]);
/** When a rule looks at a ticket. */
export type Trigger = z.output<typeof triggerSchema>;

const groupSchema = z.object({
  match: z.enum(['all', 'any']),
  conditions: z
    .array(conditionSchema)
    .min(1, { error: 'must have a condition' })
    .max(MAX_CONDITIONS, { error: `must have at most ${MAX_CONDITIONS} conditions` }),
});

/** Groups of conditions; without any, every ticket. */
export const conditionsSchema = z.object({
  match: z.enum(['all', 'any']).default('all'),
  groups: z
    .array(groupSchema)
    .max(MAX_GROUPS, { error: `must have at most ${MAX_GROUPS} groups` })
    .default([]),
});
export type Conditions = z.output<typeof conditionsSchema>;

/** When a rule looks at a ticket, and which tickets it is about. */
export interface RuleCriteria {
  readonly when: Trigger;
  readonly if: Conditions;
}
