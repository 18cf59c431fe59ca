import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineJob } from '#platform/jobs/job-queue';

/** Asks the rules about one thing that happened to a ticket. */
export const runRules = defineJob({
  name: 'desk-rules.run-rules',
  payload: z.object({
    ticketId: idSchema('ticket'),
    /** The ticket's version that the event left behind. */
    version: z.int(),
    /** The event's id: each rule runs once for it. */
    occurrence: z.string(),
    event: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('opened') }),
      z.object({ kind: z.literal('changed') }),
      z.object({
        kind: z.literal('commented'),
        by: z.enum(['client', 'staff']),
        visibility: z.enum(['public', 'internal']),
        commentId: idSchema('ticket-comment'),
      }),
    ]),
  }),
  concurrency: 2,
});
export type RunRulesPayload = z.output<typeof runRules.payload>;

/** Runs rules of time and of schedule whose turn it is. */
export const sweepRules = defineJob({
  name: 'desk-rules.sweep-rules',
  payload: z.object({}),
  cron: '* * * * *',
});

/** Has the rules of time look at every open ticket, a batch at a time, after rules or promises changed. */
export const lookAtAll = defineJob({
  name: 'desk-rules.look-at-all',
  payload: z.object({ after: idSchema('ticket').nullable() }),
});

/** Runs one occurrence of a schedule over the open tickets, a batch at a time. */
export const runSchedule = defineJob({
  name: 'desk-rules.run-schedule',
  payload: z.object({ ruleId: idSchema('desk-rule'), at: z.string(), after: idSchema('ticket').nullable() }),
});

/** Goes on with a dry run. */
export const goOnDryRun = defineJob({
  name: 'desk-rules.go-on-dry-run',
  payload: z.object({ dryRunId: idSchema('desk-dry-run') }),
  isAwaited: true,
});

/** Forgets what rules did long ago. */
export const forgetRuns = defineJob({
  name: 'desk-rules.forget-runs',
  payload: z.object({}),
  cron: '17 3 * * *',
});
