import type { PermissionDefinition } from '#platform/module';

export const syncPermissions: readonly PermissionDefinition[] = [
  {
    name: 'plugin-sync.read-records',
    title: 'See what plugins have read',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only'],
  },
  { name: 'plugin-sync.run-streams', title: 'Have plugins read again', roles: ['administrator', 'technician'] },
  {
    name: 'plugin-sync.accept-deletion',
    title: 'Accept that a vendor no longer lists records',
    roles: ['administrator'],
  },
];
