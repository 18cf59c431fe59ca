import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';

const nothing = z.object({});

/** Packs the hours that are over. */
export const sealReports = defineJob({ name: 'monitoring.seal-reports', payload: nothing, cron: '12 * * * *' });

/** Lets go of what is older than it is kept. */
export const expireSamples = defineJob({ name: 'monitoring.expire-samples', payload: nothing, cron: '40 2 * * *' });

/** Finds machines that fell silent. */
export const sweepChecks = defineJob({ name: 'monitoring.sweep-checks', payload: nothing, cron: '* * * * *' });
