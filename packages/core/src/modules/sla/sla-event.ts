import { z } from 'zod';
import { text } from '#kernel/text';

const name = text({ max: 200 });

const END_MS = Temporal.Instant.from('2200-01-01T00:00Z').epochMilliseconds;

/** An instant with its offset, in any form of ISO 8601, to the nanosecond, in the years for which clocks are kept. */
export const instant = z
  .string({ error: 'must be an instant such as 2026-03-02T09:00:00Z' })
  .max(64)
  .transform((value, context) => {
    try {
      const at = Temporal.Instant.from(value);
      if (at.epochMilliseconds < 0 || at.epochMilliseconds >= END_MS)
        context.addIssue({ code: 'custom', message: 'must lie in 1970 to 2199' });
      return at;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be an instant such as 2026-03-02T09:00:00Z' });
      return z.NEVER;
    }
  });

const types = [
  'created',
  'status',
  'priority',
  'policy',
  'public-reply',
  'client-reply',
  'resolved',
  'reopened',
  'calendar',
  'merged',
  'team',
  'ola',
  'unmerged',
] as const;

/** What may happen to a ticket that its clocks look at. Events without a value ignore what is given as one. */
export const slaEvent = z.discriminatedUnion(
  'type',
  [
    z.object({ at: instant, type: z.literal('created'), value: z.object({ priority: name, status: name }) }),
    z.object({ at: instant, type: z.literal('status'), value: name }),
    z.object({ at: instant, type: z.literal('priority'), value: name }),
    /** The policy's id, or null for "no SLA". */
    z.object({ at: instant, type: z.literal('policy'), value: name.nullable() }),
    z.object({ at: instant, type: z.literal('public-reply') }),
    z.object({ at: instant, type: z.literal('client-reply') }),
    z.object({ at: instant, type: z.literal('resolved') }),
    /** The status that the ticket is opened with. */
    z.object({ at: instant, type: z.literal('reopened'), value: name }),
    /** Ids of the calendar that is replaced and of the one that takes its place. */
    z.object({ at: instant, type: z.literal('calendar'), value: z.object({ from: name, to: name }) }),
    z.object({ at: instant, type: z.literal('merged') }),
    /** The team that the ticket is with from now on, or null for none. */
    z.object({ at: instant, type: z.literal('team'), value: name.nullable() }),
    /** The policy by which the team that has the ticket is judged from now on, or null for "no OLA". */
    z.object({ at: instant, type: z.literal('ola'), value: name.nullable() }),
    /** A merge was taken back: the clocks go on as if it had never been. */
    z.object({ at: instant, type: z.literal('unmerged') }),
  ],
  { error: `must be one of ${types.join(', ')}` },
);
/** One thing that happened to a ticket, when it did. */
export type SlaEvent = z.output<typeof slaEvent>;
/** The event that each ticket begins with, and only it. */
export type CreatedEvent = Extract<SlaEvent, { type: 'created' }>;
