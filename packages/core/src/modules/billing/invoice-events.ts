import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { clientIdSchema, idSchema } from '#kernel/id';

/** A draft became an invoice, with its number. Credit notes do not count as such. */
export const invoiceApproved = defineEvent(
  'billing.invoice-approved',
  z.object({ invoiceId: idSchema('invoice'), clientId: clientIdSchema }),
);
