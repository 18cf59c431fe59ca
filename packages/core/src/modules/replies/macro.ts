import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import { richHtmlSchema } from '#platform/rich-text/rich-text';

const STATUSES = ['new', 'in-progress', 'waiting-client', 'waiting-vendor', 'resolved', 'closed'] as const;

/** One thing that a macro does. Texts may hold placeholders. */
export const macroStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reply'), html: richHtmlSchema }),
  z.object({ kind: z.literal('note'), html: richHtmlSchema }),
  z.object({ kind: z.literal('status'), status: z.enum(STATUSES) }),
  z.object({
    kind: z.literal('priority'),
    priority: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  }),
  /** To whoever runs it. */
  z.object({ kind: z.literal('assign-me') }),
  z.object({ kind: z.literal('assign'), staffId: idSchema('staff').nullable() }),
  z.object({ kind: z.literal('queue'), queueId: idSchema('ticket-queue').nullable() }),
  z.object({
    kind: z.literal('time'),
    minutes: z.int().min(1).max(480),
    note: text({ min: 0, max: 500 }).default(''),
  }),
]);
/** One thing that a macro does, with its placeholders not yet filled. */
export type MacroStep = z.output<typeof macroStep>;

export const macroSteps = z
  .array(macroStep)
  .min(1, { error: 'must have at least one step' })
  .max(10, { error: 'must have at most 10 steps' });

/** What is said twice in one macro would be done once: each thing is set by one step. Throws `replies.step-twice`, which names the step. */
export function assertSteps(steps: readonly MacroStep[]): void {
  const seen = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const sets = step.kind === 'assign-me' ? 'assign' : step.kind;
    if (seen.has(sets))
      throw new InvalidInputError('replies.step-twice', `Step ${index + 1} does again what an earlier step does.`, {
        fields: [{ path: ['steps', index], message: 'does again what an earlier step does' }],
      });
    seen.add(sets);
  }
}

/** A step in words, for a preview. */
export function stepText(step: MacroStep): string {
  switch (step.kind) {
    case 'reply':
      return 'Reply to the client';
    case 'note':
      return 'Add an internal note';
    case 'status':
      return `Set the status to ${step.status.replaceAll('-', ' ')}`;
    case 'priority':
      return `Set the priority to P${step.priority}`;
    case 'assign-me':
      return 'Assign to you';
    case 'assign':
      return step.staffId === null ? 'Assign to nobody' : 'Assign';
    case 'queue':
      return step.queueId === null ? 'Take out of its queue' : 'Put into the queue';
    case 'time':
      return `Log ${step.minutes} min`;
  }
}
