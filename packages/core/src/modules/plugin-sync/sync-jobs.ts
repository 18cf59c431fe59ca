import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';
import { connectionIdSchema } from '#modules/plugin-host';
import { streamIdSchema } from './entity.ts';

/** Makes the streams of an MSP's connections and starts those that are due. */
export const startDueStreams = defineJob({
  name: 'plugin-sync.start-due-streams',
  payload: z.object({}),
  cron: '* * * * *',
  retryLimit: 0,
});

/** Runs one pass of one stream. */
export const runStream = defineJob({
  name: 'plugin-sync.run-stream',
  payload: z.object({ streamId: streamIdSchema }),
  isAwaited: true,
  concurrency: 4,
  // The stream's own next turn is its retry, with its own growing pauses.
  retryLimit: 0,
});

/** Applies records that have changed to assets, alerts and metrics. */
export const landRecords = defineJob({
  name: 'plugin-sync.land-records',
  payload: z.object({ connectionId: connectionIdSchema }),
  isAwaited: true,
});

/** Forgets passes that nobody asks about any more. */
export const forgetRuns = defineJob({
  name: 'plugin-sync.forget-runs',
  payload: z.object({}),
  cron: '17 3 * * *',
});
