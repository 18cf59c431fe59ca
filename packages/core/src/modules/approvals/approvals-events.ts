import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { clientIdSchema, idSchema } from '#kernel/id';
import { defineJob } from '#platform/jobs/job-queue';

/** Somebody answered an approval. */
export const approvalAnswered = defineEvent(
  'approvals.approval-answered',
  z.object({ approvalId: idSchema('approval'), clientId: clientIdSchema }),
);

/** Reminds of approvals that are due soon, and ends those that are overdue. */
export const sweepApprovals = defineJob({
  name: 'approvals.sweep-approvals',
  payload: z.object({}),
  cron: '*/10 * * * *',
});
