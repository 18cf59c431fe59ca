import type { PermissionDefinition } from '#platform/module';

export const assetPermissions: readonly PermissionDefinition[] = [
  {
    name: 'assets.read-assets',
    title: 'See assets',
    roles: ['administrator', 'manager', 'technician', 'billing', 'read-only', 'portal'],
  },
  {
    name: 'assets.manage-assets',
    title: 'Add, change and archive assets',
    roles: ['administrator', 'manager', 'technician'],
  },
];
