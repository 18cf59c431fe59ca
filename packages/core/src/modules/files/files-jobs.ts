import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';

/** Takes away what nothing will ever need. */
export const sweepFiles = defineJob({ name: 'files.sweep-files', payload: z.object({}), cron: '23 * * * *' });
