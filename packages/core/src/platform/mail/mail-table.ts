import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { MailRecipient } from './mail.ts';

export type MailId = Id<'mail-outbox'>;
/** `queued` until a server took it or refused it for good. */
export const MAIL_STATES = ['queued', 'sent', 'failed'] as const;
export type MailState = (typeof MAIL_STATES)[number];

export interface MailTables {
  mail_outbox: {
    msp_id: MspId;
    id: MailId;
    client_id: ClientId | null;
    purpose: string;
    state: MailState;
    message_id: string;
    recipients: JSONColumnType<readonly MailRecipient[], string, never>;
    from_name: string;
    /** Null where it is the server's own. */
    from_address: string | null;
    auto_submitted: Generated<'auto-generated' | 'auto-replied' | 'no'>;
    reply_to: string | null;
    subject: string;
    body_text: string;
    body_html: string | null;
    in_reply_to: string | null;
    reference_ids: string[];
    is_secret: boolean;
    is_erased: Generated<boolean>;
    attempts: Generated<number>;
    /** Until when one worker has it; another takes it only after that. */
    leased_until: Temporal.Instant | null;
    next_attempt_at: Temporal.Instant;
    /** What the last try answered; null before the first failure. */
    last_error: string | null;
    delivered_by: 'smtp' | 'folder' | null;
    created_at: Temporal.Instant;
    sent_at: Temporal.Instant | null;
  };
  mail_attachment: {
    msp_id: MspId;
    id: Id<'mail-attachment'>;
    client_id: ClientId | null;
    mail_id: MailId;
    place: number;
    file_name: string;
    content_type: string;
    size_bytes: number;
    content: Buffer;
    content_id: string | null;
  };
}
