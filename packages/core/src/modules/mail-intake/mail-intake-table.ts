import type { ClientId, Id, MspId } from '#kernel/id';
import type { Generated } from 'kysely';
import type { InboundMailId, MailboxId } from '#modules/mail-inbox';
import type { ContactId } from '#modules/tenancy';
import type { TicketId } from '#modules/tickets';

export type MailMessageId = Id<'mail-message'>;
export type QuarantineId = Id<'mail-quarantine'>;
export type WatcherId = Id<'mail-watcher'>;

export const MESSAGE_KINDS = [
  'message',
  'automatic',
  'bounce',
  'loop',
  'reply',
  'acknowledgement',
  'resolution',
] as const;
/** In: what a person wrote, what a program sent, what came back, what goes round. Out: a reply of staff, and the two that we send by ourselves. */
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export const QUARANTINE_STATES = ['waiting', 'placed', 'discarded'] as const;
export type QuarantineState = (typeof QUARANTINE_STATES)[number];

export interface MailIntakeTables {
  mail_seen: { msp_id: MspId; digest: Buffer; inbound_id: InboundMailId; seen_at: Temporal.Instant };
  mail_message: {
    msp_id: MspId;
    id: MailMessageId;
    client_id: ClientId;
    ticket_id: TicketId;
    comment_id: Id<'ticket-comment'> | null;
    direction: 'in' | 'out';
    kind: MessageKind;
    inbound_id: InboundMailId | null;
    outbox_id: Id<'mail-outbox'> | null;
    mailbox_id: MailboxId | null;
    /** With angle brackets. */
    message_id: string | null;
    /** Who sent it, or who got it; in lower case. */
    address: string;
    name: string | null;
    subject: string;
    why: string[];
    warnings: string[];
    at: Temporal.Instant;
  };
  mail_watcher: {
    msp_id: MspId;
    id: WatcherId;
    client_id: ClientId;
    ticket_id: TicketId;
    /** Null for somebody who is no contact of the ticket's client. */
    contact_id: ContactId | null;
    /** In lower case. */
    address: string;
    name: string | null;
    /** False for those who are only listed, because nobody of staff decided that they may read along. */
    is_mailed: boolean;
    added_by: string;
    created_at: Temporal.Instant;
  };
  mail_quarantine: {
    msp_id: MspId;
    id: QuarantineId;
    client_id: ClientId | null;
    inbound_id: InboundMailId;
    mailbox_id: MailboxId | null;
    state: QuarantineState;
    reason: string;
    address: string | null;
    name: string | null;
    subject: string;
    preview: string;
    why: string[];
    candidate_client_ids: ClientId[];
    /** The ticket that the mail says it belongs to. */
    claimed_ticket_id: TicketId | null;
    received_at: Temporal.Instant;
    ticket_id: TicketId | null;
    decided_by: string | null;
    decided_at: Temporal.Instant | null;
    note: string | null;
    version: Generated<number>;
  };
  mail_undeliverable: {
    msp_id: MspId;
    id: Id<'mail-undeliverable'>;
    client_id: ClientId;
    address: string;
    status: string | null;
    diagnostic: string | null;
    since: Temporal.Instant;
  };
}
