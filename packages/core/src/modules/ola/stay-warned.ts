import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { clientIdSchema, idSchema } from '#kernel/id';

/** A ticket's stay with a team came to a percentage of which the team's OLA warns; once for each stay and percentage. */
export const olaStayWarned = defineEvent(
  'ola.stay-warned',
  z.object({ ticketId: idSchema('ticket'), clientId: clientIdSchema, warningId: idSchema('ola-warning') }),
);
