import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import { TICKET_STATUSES, TICKET_TYPES } from '#modules/tickets';

const bodySchema = text({ max: 10_000 });

/** What a rule does, one thing an action. */
export const actionSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('set-queue'), queueId: idSchema('ticket-queue').nullable() }),
  z.object({ do: z.literal('set-team'), teamId: idSchema('team').nullable() }),
  z.object({ do: z.literal('set-category'), categoryId: idSchema('desk-category').nullable() }),
  z.object({ do: z.literal('assign'), assigneeId: idSchema('staff').nullable() }),
  z.object({ do: z.literal('set-status'), status: z.enum(TICKET_STATUSES) }),
  z.object({ do: z.literal('set-priority'), priority: z.int().min(1).max(4) }),
  z.object({ do: z.literal('set-type'), type: z.enum(TICKET_TYPES) }),
  z.object({ do: z.literal('add-note'), text: bodySchema }),
  z.object({ do: z.literal('reply'), text: bodySchema }),
  z
    .object({
      do: z.literal('notify'),
      staffIds: z.array(idSchema('staff')).max(20, { error: 'must be at most 20 people' }).default([]),
      assignee: z.boolean().default(false),
      text: text({ max: 2000 }),
    })
    .refine((action) => action.assignee || action.staffIds.length > 0, {
      path: ['staffIds'],
      error: 'must name somebody, or the assignee',
    }),
]);
export type Action = z.output<typeof actionSchema>;
