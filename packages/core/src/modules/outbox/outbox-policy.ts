import type { PermissionDefinition } from '#platform/module';

/** Whoever reads a mail that signs its reader in can become that reader; so this is not part of reading mail. */
export const READ_SIGN_IN_MAIL = 'outbox.read-sign-in-mail';

export const outboxPermissions: readonly PermissionDefinition[] = [
  { name: 'outbox.read-mail', title: 'See mails that were sent', roles: ['administrator', 'manager', 'billing'] },
  { name: 'outbox.retry-mail', title: 'Send a failed mail again', roles: ['administrator', 'manager', 'billing'] },
  {
    name: READ_SIGN_IN_MAIL,
    title: 'Read invitations and sign-in links where no mail server is set',
    roles: ['administrator'],
  },
];
