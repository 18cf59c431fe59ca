import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';

/** Finds mails whose job was lost. */
export const requeueMail = defineJob({
  name: 'outbox.requeue-mail',
  payload: z.object({}),
  cron: '*/10 * * * *',
});

/** Drops what need not be kept. */
export const clearMail = defineJob({ name: 'outbox.clear-mail', payload: z.object({}), cron: '17 3 * * *' });
