import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { defineEvent } from '#kernel/event';

/** A ticket's clock came to a percentage of which its policy warns; once for each clock and percentage. */
export const slaTargetWarned = defineEvent(
  'sla.target-warned',
  z.object({ ticketId: idSchema('ticket'), clientId: clientIdSchema, warningId: idSchema('sla-warning') }),
);
