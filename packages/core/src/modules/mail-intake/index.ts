/**
 * What incoming mail becomes: which ticket, in whose name, or a question to a person; who reads along; and the mails that tickets send.
 * Owns: `mail_seen`, `mail_message`, `mail_watcher`, `mail_quarantine`, `mail_undeliverable`.
 */
export { mailIntakeModule } from './mail-intake-module.ts';
export { ChooseWatchers } from './choose-watchers.ts';
export type { MailLinks } from './mail-intake-needs.ts';
export { MailLinksToken } from './mail-links-token.ts';
export { MoveMails, type MovedMails } from './move-mails.ts';
export { PlaceMail } from './place-mail.ts';
