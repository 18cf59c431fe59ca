import type { PermissionDefinition } from '#platform/module';

export const READ_MAIL = 'mail-intake.read-mail';
export const CHOOSE_WATCHERS = 'mail-intake.choose-watchers';
export const PLACE_MAIL = 'mail-intake.place-mail';

export const mailIntakePermissions: readonly PermissionDefinition[] = [
  {
    name: READ_MAIL,
    title: 'See the mails of tickets, why they were placed there, and who reads along',
    roles: ['administrator', 'manager', 'technician', 'read-only'],
  },
  {
    name: PLACE_MAIL,
    title: 'Place or discard mails that wait for a decision',
    roles: ['administrator', 'manager', 'technician'],
  },
  {
    name: CHOOSE_WATCHERS,
    title: 'Choose who reads along on a ticket',
    roles: ['administrator', 'manager', 'technician'],
  },
];
