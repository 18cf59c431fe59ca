import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';

/** Handles the mails that wait; each minute also those whose worker died or whose time to try again has come. */
export const handleMails = defineJob({
  name: 'mail-inbox.handle-mails',
  payload: z.object({}),
  isAwaited: true,
  cron: '* * * * *',
});

/** Takes away the bytes of mails that were kept long enough. */
export const pruneMails = defineJob({ name: 'mail-inbox.prune-mails', payload: z.object({}), cron: '47 * * * *' });
