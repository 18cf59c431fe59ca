import type { Id, MspId } from '#kernel/id';
import type { MailboxId } from '#modules/mail-inbox';

export interface MailboxConsentTables {
  mailbox_consent_start: {
    msp_id: MspId;
    id: Id<'mailbox-consent-start'>;
    mailbox_id: MailboxId;
    state_hash: string;
    actor_id: string;
    sealed_verifier: Buffer;
    expires_at: Temporal.Instant;
  };
}
