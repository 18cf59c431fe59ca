import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';

/** Seals an MSP's new entries, each minute. */
export const sealEntries = defineJob({ name: 'audit.seal-entries', payload: z.object({}), cron: '* * * * *' });
