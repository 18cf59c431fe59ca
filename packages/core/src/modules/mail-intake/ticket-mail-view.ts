import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { inboundMailIdSchema } from '#modules/mail-inbox';
import { MESSAGE_KINDS } from './mail-intake-table.ts';

/** A mail of a ticket, with what became of it where it is ours. */
export const ticketMailView = z.object({
  id: idSchema('mail-message'),
  /** The comment that it became, or that it carries; null for what the desk says by itself. */
  commentId: idSchema('ticket-comment').nullable(),
  direction: z.enum(['in', 'out']),
  kind: z.enum(MESSAGE_KINDS),
  /** Of a mail that came in; the raw mail is under it. */
  mailId: inboundMailIdSchema.nullable(),
  address: z.string(),
  name: z.string().nullable(),
  subject: z.string(),
  at: z.iso.datetime(),
  /** Why it became this ticket. */
  why: z.array(z.string()),
  warnings: z.array(z.string()),
  delivery: z
    .object({
      state: z.enum(['queued', 'sent', 'failed']),
      to: z.array(z.string()),
      lastError: z.string().nullable(),
      sentAt: z.iso.datetime().nullable(),
    })
    .nullable(),
});

export const watcherView = z.object({
  address: z.string(),
  name: z.string().nullable(),
  isContact: z.boolean(),
  /** False for those who are only listed. */
  isMailed: z.boolean(),
  addedBy: z.string(),
});

/** The mails of a ticket, oldest first, and who reads along. */
export const ticketMailsView = z.object({
  mails: z.array(ticketMailView),
  watchers: z.array(watcherView),
  /** Addresses of the ticket’s client that mail did not reach; nothing is sent there. */
  undeliverable: z.array(z.object({ address: z.string(), since: z.iso.datetime(), diagnostic: z.string().nullable() })),
  /** Where the MSP’s mails come from; null while no mailbox is connected, and nothing is mailed. */
  mailbox: z.string().nullable(),
});
export type TicketMailsView = z.input<typeof ticketMailsView>;
