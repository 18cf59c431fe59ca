import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';
import { actionRunIdSchema } from './actions-table.ts';

const nothing = z.object({});

/** Does what was asked for and allowed. */
export const executeRun = defineJob({
  name: 'plugin-actions.execute-run',
  payload: z.object({ runId: actionRunIdSchema }),
  isAwaited: true,
  retryLimit: 3,
});

/** Ends what waited too long, and finds what was left in the middle. */
export const sweepActions = defineJob({
  name: 'plugin-actions.sweep-actions',
  payload: nothing,
  cron: '*/5 * * * *',
});
