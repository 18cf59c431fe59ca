import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';

/** Removes what sign-in has left behind: ended sessions, challenges and windows of tries. They are no tenant's; sweeping them for each MSP does no harm. */
export const sweepSignIn = defineJob({ name: 'identity.sweep-sign-in', payload: z.object({}), cron: '17 * * * *' });
