import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import { approvalFields } from '#modules/approvals';
import { TICKET_STATUSES, TICKET_TYPES } from '#modules/tickets';

const bodySchema = text({ max: 10_000 });
const YEAR_MINUTES = 365 * 24 * 60;
const YEAR_DAYS = 365;

const assignBySchema = z
  .object({
    do: z.literal('assign-by'),
    teamId: idSchema('team'),
    /** Whose turn it is in the team, who has least, or who knows most. */
    method: z.enum(['round-robin', 'least-load', 'skill']),
    /** What they must know, for the method `skill`. */
    skillId: idSchema('team-skill').nullable().default(null),
  })
  .refine((action) => action.method !== 'skill' || action.skillId !== null, {
    path: ['skillId'],
    error: 'must be chosen for the method skill',
  });

const snoozeSchema = z
  .object({
    do: z.literal('snooze'),
    /** For how long; null waits for a reply alone. */
    minutes: z
      .int()
      .min(5, { error: 'must be at least 5' })
      .max(YEAR_MINUTES, { error: 'must be at most a year' })
      .nullable(),
    untilReply: z.boolean().default(true),
  })
  .refine((action) => action.minutes !== null || action.untilReply, {
    path: ['minutes'],
    error: 'must be given where no reply wakes it',
  });

const startApprovalSchema = z
  .object({
    do: z.literal('start-approval'),
    ...approvalFields,
    /** How long those who are asked have; null is for ever. */
    dueDays: z.int().min(1).max(YEAR_DAYS, { error: 'must be at most a year' }).nullable().default(null),
  })
  .refine(
    (action) => action.contactIds.length + action.staffIds.length > 0 || action.asksContact || action.asksApprovers,
    {
      path: ['staffIds'],
      error: 'must name somebody who is asked',
    },
  );

const notifySchema = z
  .object({
    do: z.literal('notify'),
    staffIds: z.array(idSchema('staff')).max(20, { error: 'must be at most 20 people' }).default([]),
    assignee: z.boolean().default(false),
    text: text({ max: 2000 }),
  })
  .refine((action) => action.assignee || action.staffIds.length > 0, {
    path: ['staffIds'],
    error: 'must name somebody, or the assignee',
  });

/** What a rule does, one thing an action. */
export const actionSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('set-queue'), queueId: idSchema('ticket-queue').nullable() }),
  z.object({ do: z.literal('set-team'), teamId: idSchema('team').nullable() }),
  z.object({ do: z.literal('set-category'), categoryId: idSchema('desk-category').nullable() }),
  z.object({ do: z.literal('assign'), assigneeId: idSchema('staff').nullable() }),
  assignBySchema,
  z.object({ do: z.literal('set-status'), status: z.enum(TICKET_STATUSES) }),
  z.object({ do: z.literal('set-priority'), priority: z.int().min(1).max(4) }),
  z.object({ do: z.literal('set-type'), type: z.enum(TICKET_TYPES) }),
  snoozeSchema,
  z.object({
    do: z.literal('add-watcher'),
    address: z.email({ error: 'must be an e-mail address' }).max(254).toLowerCase(),
  }),
  z.object({ do: z.literal('run-macro'), macroId: idSchema('reply-macro') }),
  z.object({ do: z.literal('add-checklist'), templateId: idSchema('checklist-template') }),
  startApprovalSchema,
  z.object({ do: z.literal('add-note'), text: bodySchema }),
  z.object({ do: z.literal('reply'), text: bodySchema }),
  notifySchema,
]);
/** One thing that a rule does, read. */
export type Action = z.output<typeof actionSchema>;
