import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { inboundMailIdSchema } from '#modules/mail-inbox';
import { QUARANTINE_STATES } from './mail-intake-table.ts';

const namedClient = z.object({ clientId: clientIdSchema, name: z.string() });
const namedTicket = z.object({
  ticketId: idSchema('ticket'),
  number: z.int(),
  subject: z.string(),
  clientId: clientIdSchema,
});

/** A mail that waits, or waited, for a person to place it. */
export const quarantinedView = z.object({
  mailId: inboundMailIdSchema,
  state: z.enum(QUARANTINE_STATES),
  /** `spoofed`, `several-clients`, …; `not-readable` where the mail could not be handled at all. */
  reason: z.string(),
  reasonText: z.string(),
  address: z.string().nullable(),
  name: z.string().nullable(),
  subject: z.string(),
  receivedAt: z.iso.datetime(),
  decidedBy: z.string().nullable(),
  decidedAt: z.iso.datetime().nullable(),
  note: z.string().nullable(),
});
export type QuarantinedView = z.input<typeof quarantinedView>;

export const quarantinedDetailView = quarantinedView.extend({
  mailbox: z.string(),
  text: z.string(),
  why: z.array(z.string()),
  warnings: z.array(z.string()),
  files: z.array(z.object({ name: z.string(), sizeBytes: z.int() })),
  /** Clients that it may belong to. */
  candidates: z.array(namedClient),
  /** The ticket that it says it belongs to; null where it names none, or one out of reach. */
  claimedTicket: namedTicket.nullable(),
  /** Where it was put. */
  ticket: namedTicket.nullable(),
});
export type QuarantinedDetailView = z.input<typeof quarantinedDetailView>;
