/**
 * The consent of a person to their mailbox being read: sent to Microsoft or Google, taken back once, kept at the mailbox.
 * Owns: `mailbox_consent_start`.
 */
export { mailboxConsentModule } from './mailbox-consent-module.ts';
export { AuthorizeMailbox } from './authorize-mailbox.ts';
