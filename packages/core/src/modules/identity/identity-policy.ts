import type { PermissionDefinition } from '#platform/module';
import { OWN_ACCOUNT } from './permission-catalogue.ts';

export const identityPermissions: readonly PermissionDefinition[] = [
  {
    name: OWN_ACCOUNT,
    title: 'See and end own sessions and API keys',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only', 'portal'],
  },
  {
    name: 'identity.read-staff',
    title: 'See who works here and in which roles',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  { name: 'identity.manage-staff', title: 'Invite, change and remove staff', roles: ['administrator'] },
  { name: 'identity.manage-roles', title: 'Make and change roles', roles: ['administrator'] },
  {
    name: 'identity.invite-contact',
    title: 'Invite contacts into the portal',
    roles: ['administrator', 'manager', 'technician'],
  },
];
