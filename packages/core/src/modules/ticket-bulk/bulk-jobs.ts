import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineJob } from '#platform/jobs/job-queue';

/** Goes on with a change of many tickets, or with taking it back: some tickets, then the next job. */
export const goOnWithBulk = defineJob({
  name: 'ticket-bulk.go-on',
  payload: z.object({ runId: idSchema('bulk-run') }),
  concurrency: 2,
  isAwaited: true,
});

/** Forgets what was changed long ago. */
export const forgetBulk = defineJob({
  name: 'ticket-bulk.forget',
  payload: z.object({}),
  cron: '41 3 * * *',
});
