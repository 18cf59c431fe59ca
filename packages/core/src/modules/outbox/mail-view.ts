import type { Selectable } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { MAIL_STATES, type MailTables } from '#platform/mail/mail-table';

export const mailIdSchema = idSchema('mail-outbox');

/** A mail in a list. */
export const mailSummaryView = z.object({
  id: mailIdSchema,
  clientId: clientIdSchema.nullable(),
  purpose: z.string(),
  state: z.enum(MAIL_STATES),
  to: z.array(z.object({ address: z.string(), name: z.string().nullable() })),
  subject: z.string(),
  attempts: z.int(),
  lastError: z.string().nullable(),
  deliveredBy: z.enum(['smtp', 'folder']).nullable(),
  createdAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
});
export type MailSummaryView = z.input<typeof mailSummaryView>;

/** A mail as its reader got it. `text` is null where it was erased, or may not be read: `withheld` says which. */
export const mailView = mailSummaryView.extend({
  messageId: z.string(),
  fromName: z.string(),
  replyTo: z.string().nullable(),
  text: z.string().nullable(),
  withheld: z.enum(['erased', 'sign-in']).nullable(),
  attachments: z.array(z.object({ fileName: z.string(), contentType: z.string(), sizeBytes: z.int() })),
});
export type MailView = z.input<typeof mailView>;

export type MailRow = Selectable<MailTables['mail_outbox']>;

export function toMailSummary(mail: MailRow): MailSummaryView {
  return {
    id: mail.id,
    clientId: mail.client_id,
    purpose: mail.purpose,
    state: mail.state,
    to: mail.recipients.map(({ address, name }) => ({ address, name: name ?? null })),
    subject: mail.subject,
    attempts: mail.attempts,
    lastError: mail.last_error,
    deliveredBy: mail.delivered_by,
    createdAt: mail.created_at.toString(),
    sentAt: mail.sent_at?.toString() ?? null,
    nextAttemptAt: mail.state === 'queued' ? mail.next_attempt_at.toString() : null,
  };
}
