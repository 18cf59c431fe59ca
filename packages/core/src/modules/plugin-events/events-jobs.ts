import { z } from 'zod';
import { defineJob } from '#platform/jobs/job-queue';
import { deliveryIdSchema, eventDeliveryIdSchema } from './events-table.ts';

/** Hands a verified delivery to its plugin. */
export const handleDelivery = defineJob({
  name: 'plugin-events.handle-delivery',
  payload: z.object({ deliveryId: deliveryIdSchema }),
  isAwaited: true,
  concurrency: 4,
});

/** Tells a plugin of an event. */
export const deliverEvent = defineJob({
  name: 'plugin-events.deliver-event',
  payload: z.object({ eventDeliveryId: eventDeliveryIdSchema }),
  isAwaited: true,
  concurrency: 4,
});

/** Forgets what is old, and takes up again what was left in the middle. */
export const sweepDeliveries = defineJob({
  name: 'plugin-events.sweep-deliveries',
  payload: z.object({}),
  cron: '*/10 * * * *',
});
