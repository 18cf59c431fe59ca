/**
 * Shows and delivers the mails that every module writes through the platform's `Mailer`.
 * Owns no table: `mail_outbox` and `mail_attachment` are the platform's.
 */
export { outboxModule } from './outbox-module.ts';
