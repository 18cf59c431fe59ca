import type { PermissionDefinition } from '#platform/module';

export const mailInboxPermissions: readonly PermissionDefinition[] = [
  {
    name: 'mail-inbox.read-mailboxes',
    title: 'See the mailboxes that mail comes in by, and how they are',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: 'mail-inbox.manage-mailboxes',
    title: 'Connect, change, pause and remove mailboxes',
    roles: ['administrator'],
  },
];
