import type { PermissionDefinition } from '#platform/module';

export const READ_MAIL = 'mail-intake.read-mail';
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
];
