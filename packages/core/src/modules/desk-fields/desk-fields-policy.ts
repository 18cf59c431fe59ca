import type { PermissionDefinition } from '#platform/module';

export const deskFieldsPermissions: readonly PermissionDefinition[] = [
  {
    name: 'desk-fields.read-fields',
    title: 'See which custom fields tickets have',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  {
    name: 'desk-fields.manage-fields',
    title: 'Change which custom fields tickets have',
    roles: ['administrator', 'manager'],
  },
];
