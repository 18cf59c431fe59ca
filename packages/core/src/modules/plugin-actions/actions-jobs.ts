import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';
import { actionRunIdSchema, deliveryIdSchema, eventDeliveryIdSchema } from './actions-table.ts';

const nothing = z.object({});

/** Does what was asked for and allowed. */
export const executeRun = defineJob({
  name: 'plugin-actions.execute-run',
  payload: z.object({ runId: actionRunIdSchema }),
  isAwaited: true,
  retryLimit: 3,
});

/** Hands a verified delivery to its plugin. */
export const handleDelivery = defineJob({
  name: 'plugin-actions.handle-delivery',
  payload: z.object({ deliveryId: deliveryIdSchema }),
  isAwaited: true,
});

/** Tells a plugin of an event. Tried for about a day, with growing pauses. */
export const deliverEvent = defineJob({
  name: 'plugin-actions.deliver-event',
  payload: z.object({ eventDeliveryId: eventDeliveryIdSchema }),
  retryLimit: 14,
});

/** Ends what waited too long, finds what was left in the middle, and forgets old deliveries. */
export const sweepActions = defineJob({
  name: 'plugin-actions.sweep-actions',
  payload: nothing,
  cron: '*/5 * * * *',
});
