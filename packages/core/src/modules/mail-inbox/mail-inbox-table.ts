import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import { idSchema, type ClientId, type Id, type MspId } from '#kernel/id';
import type { MailEnvelope, MailboxSettings } from './mailbox-settings.ts';

export type MailboxId = Id<'mail-mailbox'>;
export type InboundMailId = Id<'mail-inbound'>;
export const mailboxIdSchema = idSchema('mail-mailbox');
export const inboundMailIdSchema = idSchema('mail-inbound');

export const MAILBOX_KINDS = ['imap', 'smtp', 'graph', 'gmail'] as const;
/** How mail comes in: we read a mailbox by IMAP, Microsoft Graph or Gmail, or a relay hands it to our listener. */
export type MailboxKind = (typeof MAILBOX_KINDS)[number];
/** `paused`: by a person; nothing is fetched or taken. `removed` mailboxes stay for the mails that came by them. */
export type MailboxState = 'active' | 'paused' | 'removed';

export const INBOUND_STATES = ['waiting', 'placed', 'quarantined', 'ignored'] as const;
/** `waiting` until it is handled; `placed` on a ticket; `quarantined` for a person to decide; `ignored` with a reason (a bounce, a loop). */
export type InboundState = (typeof INBOUND_STATES)[number];

/** Whether a person's consent lets us in, for a mailbox that is read in a person's name. */
export interface MailboxConsent {
  /** `needed` until somebody gave it; `ended` when the vendor takes it no more. */
  readonly state: 'needed' | 'given' | 'ended';
  /** Whose account it is, as the vendor names it; null where it was not told. */
  readonly account: string | null;
  /** Who of the MSP brought it, by name. */
  readonly by: string | null;
  readonly at: string | null;
  /** When the vendor said that it ends; null where it did not. */
  readonly endsAt: string | null;
  /** Why the last try to get it came to nothing. */
  readonly problem: string | null;
}

export interface MailInboxTables {
  mail_mailbox: {
    msp_id: MspId;
    id: MailboxId;
    name: string;
    /** In lower case. */
    address: string;
    kind: MailboxKind;
    settings: JSONColumnType<MailboxSettings, string, string>;
    trusted_authserv_id: string | null;
    default_client_id: ClientId | null;
    default_queue: string | null;
    state: Generated<MailboxState>;
    /** How far it was read, in the transport's own terms. */
    cursor: ColumnType<Record<string, unknown> | null, string | null, string | null>;
    leased_by: string | null;
    leased_until: Temporal.Instant | null;
    /** Since when the connection stands; null while it does not. */
    connected_at: Temporal.Instant | null;
    /** When the other side was last heard. */
    last_seen_at: Temporal.Instant | null;
    last_mail_at: Temporal.Instant | null;
    last_error: string | null;
    failing_since: Temporal.Instant | null;
    /** Null where no person's consent is needed. */
    consent: ColumnType<MailboxConsent | null, string | null, string | null>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  mail_mailbox_secret: {
    msp_id: MspId;
    id: Id<'mail-mailbox-secret'>;
    mailbox_id: MailboxId;
    name: string;
    sealed: Buffer;
    updated_at: Temporal.Instant;
  };
  mail_inbound: {
    msp_id: MspId;
    id: InboundMailId;
    client_id: ClientId | null;
    mailbox_id: MailboxId;
    transport_key: string;
    sha256: Buffer;
    size_bytes: number;
    envelope: ColumnType<MailEnvelope | null, string | null, string | null>;
    received_at: Temporal.Instant;
    stored_at: Temporal.Instant;
    state: InboundState;
    attempts: Generated<number>;
    next_attempt_at: Temporal.Instant;
    leased_until: Temporal.Instant | null;
    lease_id: string | null;
    reason: string | null;
    settled_at: Temporal.Instant | null;
    /** Since when its bytes are gone; null while they are kept. */
    raw_removed_at: Generated<Temporal.Instant | null>;
  };
  mail_inbound_keeping: {
    msp_id: MspId;
    settled_days: number | null;
    quarantined_days: number | null;
    version: number;
  };
  mail_inbound_raw: {
    msp_id: MspId;
    mail_id: InboundMailId;
    client_id: ClientId | null;
    content: Buffer;
  };
}
