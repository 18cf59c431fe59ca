/**
 * Mail on its way in: mailboxes, and raw mails that are kept before anything is made of them. What they mean is for an `InboundMailHandler`, given at composition.
 * Owns: `mail_mailbox`, `mail_mailbox_secret`, `mail_inbound`, `mail_inbound_raw`.
 */
export { mailInboxModule } from './mail-inbox-module.ts';
export { HandleInbound } from './handle-inbound.ts';
export { InboundQueries } from './inbound-queries.ts';
export type {
  InboundMail,
  InboundMailbox,
  InboundMailHandler,
  InboundOutcome,
  MakeMailScope,
} from './mail-inbox-needs.ts';
export { InboundMailHandlerToken } from './inbound-mail-handler-token.ts';
export { MakeMailScopeToken } from './make-mail-scope-token.ts';
export {
  inboundMailIdSchema,
  mailboxIdSchema,
  type InboundMailId,
  type InboundState,
  type MailboxId,
  type MailboxKind,
} from './mail-inbox-table.ts';
export type { MailEnvelope } from './mailbox-settings.ts';
export { mailboxRunnerParts } from './mail-inbox-module.ts';
export { MailboxRunner } from './mailbox-runner.ts';
export { MailboxSignIn, type MailboxToConsent } from './mailbox-sign-in.ts';
export { MailboxQueries } from './mailbox-queries.ts';
export { SaveMailbox } from './save-mailbox.ts';
export { SettleInbound } from './settle-inbound.ts';
export { TakeMail } from './take-mail.ts';
export { MAX_MAIL_BYTES, StoreMail, type StoreMailInput, type StoreMailResult } from './store-mail.ts';
